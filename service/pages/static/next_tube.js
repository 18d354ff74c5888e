/** The form of a tube that comes: what is scanned into any of its fields is the barcode of the next one. */

import { element } from "./hladr.js";
import { onScan } from "./scan.js";

/**
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement} scan The scanner's field.
 */
export function nextTube(form, scan) {
  const inputs = Array.from(form.querySelectorAll('input:not([type="hidden"])'));
  const said = element("p", { class: "note", role: "status" });
  form.querySelector(".actions").before(said);
  for (const field of inputs) {
    onScan(field, (scanned, text, before) => {
      if (!scanned) return false;
      field.value = before;
      const typed = inputs.some((each) => each.value !== (each.name === "barcode" ? each.defaultValue : ""));
      if (typed) {
        said.textContent = `${text} was scanned. First receive this tube, or leave it; then scan the next one again.`;
        return true;
      }
      scan.value = text;
      scan.form.requestSubmit();
      return true;
    });
  }
  // Not before a scan is known as one: until then nothing has the focus that a scanner could fill.
  form.querySelector("[data-first]")?.focus();
}
