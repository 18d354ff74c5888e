/** Times that are typed, such as 2026-03-14 08:30: read back in words, so that a slip is seen. */

const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d{1,2}):(\d\d)(:\d\d(?:\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HINTS = new WeakMap();

document.addEventListener("input", ({ target }) => target.matches?.("input[data-time]") && readBack(target));
document.addEventListener("change", ({ target }) => target.matches?.("input[data-time]") && mark(target));

/**
 * Read a time.
 * @param {string} text
 * @returns {{iso: string, words: string}|null} As it is sent and as it is said; null where it is none.
 */
export function readTime(text) {
  const found = WRITTEN.exec(text.trim());
  if (!found) return null;
  const [, year, month, day, hour, minute, second = "", zone = ""] = found;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== Number(day)) return null;
  const words = `${Number(day)} ${MONTHS[month - 1]} ${year}`;
  if (hour === undefined) return { iso: `${year}-${month}-${day}`, words };
  if (hour > 23 || minute > 59) return null;
  const clock = `${hour.padStart(2, "0")}:${minute}${second}${zone}`;
  return { iso: `${year}-${month}-${day}T${clock}`, words: `${words} ${clock}` };
}

/** @param {string} iso @returns {string} A time as it stands in a field. */
export const typedTime = (iso) => iso.replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ");

/** @param {HTMLInputElement} field @returns {string} What is said in it, as it is sent. */
export const sentOf = (field) => {
  const text = field.value.trim();
  return ("time" in field.dataset && readTime(text)?.iso) || text;
};

/** @param {HTMLInputElement} field @returns {boolean} Whether something stands in it that is no time. */
export const isUnread = (field) => "time" in field.dataset && field.value.trim() !== "" && readTime(field.value) === null;

/**
 * Say beside a field which time it says, or how one is written.
 * @param {HTMLInputElement} field
 */
export function readBack(field) {
  tell(field, readTime(field.value)?.words);
  if (!isUnread(field)) field.removeAttribute("aria-invalid");
}

/**
 * Say beside a field that what stands in it is no time.
 * @param {HTMLInputElement} field
 */
export function refuse(field) {
  mark(field);
  tell(field, "No time: write it such as 2026-03-14 08:30.");
}

/** Mark a field that is left with no time in it. Nothing moves: a press of a button goes on meanwhile. */
function mark(field) {
  if (isUnread(field)) field.setAttribute("aria-invalid", "true");
}

function tell(field, words) {
  const place = document.getElementById(field.getAttribute("aria-describedby"));
  if (!place) return;
  if (!HINTS.has(field)) HINTS.set(field, place.textContent);
  place.textContent = words ?? HINTS.get(field);
}
