/** The worklist: a scanner's field that has the focus, and a list that is never old. */

import { OVER, REFUSED, SILENT, keepFresh } from "./fresh.js";
import { nextTube } from "./next_tube.js";
import { onScan } from "./scan.js";

const LONGEST = 20_000; // ms that a list may take
const DOUBLE_CLICK = 400; // ms in which a second click may follow, that marks a word

const list = document.querySelector("#list");
const scan = document.querySelector("[data-scan]");
let returning = 0;

/** Give the focus back to the scanner's field when it went nowhere, and nothing is marked. */
function back() {
  const nowhere = [null, document.body, document.querySelector("#main")];
  if (nowhere.includes(document.activeElement) && document.hasFocus() && getSelection().isCollapsed) {
    scan.focus({ preventScroll: true });
  }
}

/** Put a new list in the place of the old one; what has the focus has it still. */
function replace(made) {
  const inside = list.contains(document.activeElement) ? document.activeElement : null;
  const address = inside?.getAttribute("href");
  const scrolled = [scrollX, scrollY];
  list.replaceChildren(...made.childNodes);
  if (address) list.querySelector(`a[href="${CSS.escape(address)}"]`)?.focus({ preventScroll: true });
  scrollTo(...scrolled);
}

/** Ask for the same list again. */
async function again() {
  const late = new AbortController();
  const patience = setTimeout(() => late.abort(), LONGEST);
  try {
    const answer = await fetch(list.dataset.refresh, { headers: { Accept: "text/html" }, signal: late.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.querySelector("#list");
    if (!made) return answer.url.includes("/sign-in") ? OVER : REFUSED;
    replace(made);
    return "";
  } catch {
    return SILENT;
  } finally {
    clearTimeout(patience);
  }
}

const receiving = document.querySelector('form[action="/receptions"]');
if (receiving) nextTube(receiving, scan);
onScan(scan, (scanned) => scanned && scan.form.requestSubmit());
addEventListener("pointerdown", () => clearTimeout(returning));
addEventListener("pointerup", () => (returning = setTimeout(back, DOUBLE_CLICK)));
keepFresh(again);
