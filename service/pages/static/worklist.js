/** The worklist: a scanner's field that has the focus, and a list that is never old. */

import { nextTube } from "./next_tube.js";
import { onScan } from "./scan.js";

const EVERY = 30_000; // ms
const LONGEST = 20_000; // ms that a list may take
const AWAY = 15 * 60_000; // ms without a hand on it, after which it would only keep a session alive
const DOUBLE_CLICK = 400; // ms in which a second click may follow, that marks a word

const list = document.querySelector("#list");
const scan = document.querySelector("[data-scan]");
let touched = Date.now();
let asking = false;
let returning = 0;

/** Give the focus back to the scanner's field when it went nowhere, and nothing is marked. */
function back() {
  const nowhere = [null, document.body, document.querySelector("#main")];
  if (nowhere.includes(document.activeElement) && document.hasFocus() && getSelection().isCollapsed) {
    scan.focus({ preventScroll: true });
  }
}

/** @param {string} text What is said beside the time of the list. */
function say(text) {
  const note = list.querySelector("#as-of");
  note.querySelector("[data-said]")?.remove();
  if (!text) return;
  const said = document.createElement("strong");
  said.dataset.said = "";
  said.textContent = ` ${text}`;
  note.append(said);
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
async function refresh() {
  if (asking || document.hidden || !getSelection().isCollapsed) return;
  if (Date.now() - touched > AWAY) {
    say("Not refreshed while nobody is here.");
    return;
  }
  asking = true;
  const late = new AbortController();
  const patience = setTimeout(() => late.abort(), LONGEST);
  try {
    const answer = await fetch(list.dataset.refresh, { headers: { Accept: "text/html" }, signal: late.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.querySelector("#list");
    if (made) replace(made);
    else say(answer.url.includes("/sign-in") ? "Your session is over. Sign in again." : "It could not be refreshed.");
  } catch {
    say("Not refreshed: the service does not answer.");
  } finally {
    clearTimeout(patience);
    asking = false;
  }
}

/** Somebody is here; a list that was left alone is asked for again. */
function here() {
  const away = Date.now() - touched > AWAY;
  touched = Date.now();
  if (away) refresh();
}

const receiving = document.querySelector('form[action="/receptions"]');
if (receiving) nextTube(receiving, scan);
onScan(scan, (scanned) => scanned && scan.form.requestSubmit());
addEventListener("pointerdown", () => clearTimeout(returning));
addEventListener("pointerup", () => (returning = setTimeout(back, DOUBLE_CLICK)));
for (const each of ["pointerdown", "keydown"]) addEventListener(each, here);
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, EVERY);
