/** What somebody else changed of a tube while it was described here: nothing of theirs goes unless that is chosen. */

import { element } from "./hladr.js";
import { sentOf, typedTime } from "./read_time.js";
import { put } from "./tube_row.js";

const heads = ["Field", "When you opened it", "Now", "You typed"];

/**
 * A table of what they changed; where something else was typed here, one of the two has to be chosen.
 * @param {import("./tube_draft.js").TubeDraft} draft
 * @param {{version: number, made_by: string}} told The tube as it is now.
 * @param {(name: string) => HTMLInputElement} input
 * @returns {Element|string} Nothing where nobody changed anything.
 */
export function conflictsOf(draft, { version, made_by: by }, input) {
  const conflicts = draft.conflicts();
  if (!conflicts.length) return "";
  const said =
    `Version ${version} was made by ${by} since you opened version ${draft.base.version}. ` +
    "Nothing of theirs was overwritten, and nothing of yours is stored yet.";
  const rows = conflicts.map((each) => rowOf(each, input(each.name)));
  const head = element("tr", {}, ...heads.map((each) => element("th", { scope: "col" }, each)));
  const table = element(
    "table", { class: "list" },
    element("caption", {}, said), element("thead", {}, head), element("tbody", {}, ...rows),
  );
  return element("div", { class: "told scroll", tabindex: "0", role: "region", "aria-label": "What somebody else changed" }, table);
}

function rowOf({ was, now, typed }, input) {
  const label = input.closest(".field").querySelector("label").textContent;
  const cells = [was, now].map((each) => element("td", {}, shown(each, input)));
  const mine = typed === undefined ? ["left as it was: now theirs"] : choice({ now, typed, label }, input);
  return element("tr", {}, element("th", { scope: "row" }, label), ...cells, element("td", {}, ...mine));
}

/** Their text or the one that was typed here: the browser asks for one of the two before anything is sent. */
function choice({ now, typed, label }, input) {
  const texts = { Theirs: now, Yours: typed };
  const presses = Object.entries(texts).map(([whose, text]) => {
    const press = element("input", { type: "radio", name: `whose-${input.id}`, value: whose, required: true });
    press.addEventListener("change", () => {
      put(input, texts[whose]);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return [press, element("label", {}, press, `${whose}: ${shown(text, input)}`, element("span", { class: "sr" }, ` (${label})`))];
  });
  input.addEventListener("input", () => { // to type into the field is to choose, too
    const text = sentOf(input);
    if (text !== now) texts.Yours = text;
    for (const [press] of presses) press.checked = press.value === (text === now ? "Theirs" : "Yours");
  });
  return presses.map(([, words]) => words);
}

const shown = (text, input) => ("time" in input.dataset ? typedTime(text) : text) || "not said";
