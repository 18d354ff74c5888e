/** A field that takes files, with the zone around it: files that miss it are taken all the same. */

/**
 * @param {HTMLInputElement} field
 * @param {(files: File[]) => void} take Called with what was dropped or chosen.
 */
export function dropZone(field, take) {
  const zone = field.closest(".drop");
  const over = (on) => zone.classList.toggle("over", on);
  const chosen = () => {
    const files = Array.from(field.files);
    if (files.length) take(files);
  };
  field.addEventListener("change", chosen);
  chosen(); // what was dropped before this script was there
  // A browser would leave the page for a file that is dropped beside the field.
  window.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    if (event.target !== field) event.preventDefault();
    over(true);
  });
  window.addEventListener("dragleave", (event) => event.relatedTarget === null && over(false));
  window.addEventListener("drop", (event) => {
    over(false);
    if (event.target === field || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    const files = Array.from(event.dataTransfer.files);
    take(field.multiple ? files : files.slice(0, 1));
  });
}

/**
 * @param {number} bytes
 * @returns {string}
 */
export const sizeOf = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
