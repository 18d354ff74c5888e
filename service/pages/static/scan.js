/** Whether a text was scanned or typed: a scanner is faster than any hand, and ends a line. */

const FASTEST_HAND = 40; // milliseconds between two signs
const SHORTEST = 3;

/**
 * @param {HTMLInputElement} field
 * @param {(scanned: boolean) => void} ended Called when Enter, or Tab behind a scan, ends it.
 */
export function onScan(field, ended) {
  let times = [];
  field.addEventListener("keydown", (event) => {
    if (event.key.length === 1) {
      times.push(event.timeStamp);
      return;
    }
    const scanned = isFast(times);
    if (event.key === "Enter" || (event.key === "Tab" && scanned)) {
      times = [];
      event.preventDefault();
      ended(scanned);
    } else if (event.key !== "Shift") times = [];
  });
  field.addEventListener("focus", () => {
    times = [];
  });
}

function isFast(times) {
  if (times.length < SHORTEST) return false;
  return (times.at(-1) - times[0]) / (times.length - 1) < FASTEST_HAND;
}
