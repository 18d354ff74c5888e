/** Whether a text was scanned or typed: a scanner is faster than any hand, and ends a line. */

const FASTEST_HAND = 40; // milliseconds between two signs
const PAUSE = 300; // milliseconds after which something new begins
const SHORTEST = 3;

/**
 * @param {HTMLInputElement} field
 * @param {(scanned: boolean, text: string, before: string) => unknown} ended Called when Enter, or Tab behind a scan,
 * ends it: with what was scanned, and what was in the field before. It leaves the key to the browser by `false`.
 */
export function onScan(field, ended) {
  let times = [], text = "", before = "";
  const forget = () => {
    times = [];
    text = "";
  };
  field.addEventListener("keydown", (event) => {
    if (event.key.length === 1) {
      if (event.timeStamp - times.at(-1) > PAUSE) forget();
      if (!times.length) before = field.value;
      times.push(event.timeStamp);
      text += event.key;
      return;
    }
    const scanned = isFast(times);
    if (event.key === "Enter" || (event.key === "Tab" && scanned)) {
      const read = text;
      forget();
      if (ended(scanned, read, before) !== false) event.preventDefault();
    } else if (event.key !== "Shift") forget();
  });
  field.addEventListener("focus", forget);
}

function isFast(times) {
  if (times.length < SHORTEST) return false;
  return (times.at(-1) - times[0]) / (times.length - 1) < FASTEST_HAND;
}
