/** A row of a tube that is not measured yet: its file, what is typed of it, where it is. */

import { element, newKey } from "./hladr.js";
import { sizeOf } from "./drop_zone.js";
import { readBack, sentOf, typedTime } from "./read_time.js";

/** What each state says, which buttons it has, and whether the fields can be changed. */
const STATES = {
  typing: { told: "Type what is known, then analyse.", buttons: ["analyse", "remove"] },
  fileless: { told: "Drop this file again: browsers do not keep files.", buttons: ["remove"] },
  waiting: { told: "Waits for its turn.", buttons: ["cancel"], locked: true },
  sending: { told: "Is sent.", buttons: ["cancel"], locked: true, moving: true },
  measuring: { told: "Is measured.", buttons: [], locked: true, moving: true },
  refused: { told: "Refused.", buttons: ["analyse", "remove"] },
  lost: { told: "The line was lost.", buttons: ["again"], locked: true },
};
const WORDS = { analyse: "Analyse", remove: "Remove", cancel: "Cancel", again: "Try again" };

let made = 0;

export class TubeRow {
  /**
   * @param {{name: string, size: number, file: File|null, nth: number, mark?: string, modified?: number, measured?: string}} of
   * What its file is; `nth` among those of this name.
   * @param {Record<"analyse"|"remove"|"cancel"|"again"|"changed"|"scanned", (row: TubeRow) => void>} calls
   */
  constructor({ name, size, file, nth, mark = "", modified = 0, measured = "" }, calls) {
    made += 1;
    Object.assign(this, { name, size, file, nth, mark, modified, measured, calls, key: newKey(), said: "", abort: null });
    this.shown = nth > 1 ? `${name} (${nth})` : name;
    Object.assign(this, { beside: {}, filled: {}, looked: "", looking: Promise.resolve() }); // by the barcode
    this.fields = fieldsOf(`-${made}`);
    const id = `tube-${made}`;
    this.told = element("span", { class: "state" });
    this.about = element("span", { class: "file" }, this.fileSaid());
    this.bar = element("progress", { max: "1", "aria-label": `${this.shown} on its way` });
    this.offers = element("p", { class: "offers" });
    this.noted = element("small", { role: "status" });
    this.others = element("p", { class: "others", role: "status" });
    this.problem = element("div");
    this.actions = element("p", { class: "actions" });
    this.element = element(
      "li", { class: "tube", tabindex: "-1" },
      element("div", { class: "top-line" }, element("h3", { id }, this.shown), this.about, this.bar, this.told, this.actions),
      this.others, this.offers, element("div", { role: "group", "aria-labelledby": id }, this.fields), this.noted, this.problem,
    );
    this.fields.addEventListener("input", () => calls.changed(this));
    this.input("barcode").addEventListener("blur", () => calls.scanned(this));
    this.set(file ? "typing" : "fileless");
  }

  /** @param {string} state One of those above. @param {Node|string} [problem] What is wrong. */
  set(state, problem = "") {
    const { told, buttons, locked = false, moving = false } = STATES[state];
    this.state = state;
    this.told.textContent = told;
    this.bar.hidden = !moving;
    this.bar.removeAttribute("value");
    for (const each of this.inputs()) each.readOnly = locked;
    this.problem.replaceChildren(problem);
    this.element.classList.toggle("refused", state === "refused");
    const pressed = this.actions.contains(document.activeElement);
    this.actions.replaceChildren(...buttons.map((each) => this.button(each)));
    if (pressed) (this.actions.firstElementChild ?? this.element).focus(); // its button is gone
    this.calls.changed(this);
  }

  button(does) {
    const words = [WORDS[does], element("span", { class: "sr" }, ` ${this.shown}`)];
    const shown = element("button", { type: "button", class: does === "analyse" || does === "again" ? "" : "plain" }, ...words);
    shown.addEventListener("click", () => this.calls[does](this));
    return shown;
  }

  /** @param {number} share Of the file that has left. */
  progress(share) {
    if (share >= 1) this.set("measuring");
    else {
      this.bar.value = share;
      this.told.textContent = `Is sent: ${Math.round(100 * share)} %.`;
    }
  }

  /** Say what the file says of itself, and offer its names for the subject.
   * @param {string} measured @param {{keyword: string, name: string}[]} names */
  offer(measured, names) {
    this.measured = measured;
    this.about.textContent = this.fileSaid();
    this.calls.changed(this);
    const buttons = names.map(({ keyword, name }) => {
      const field = keyword === "BARCODE" ? "barcode" : "subject";
      const use = element("button", { type: "button", class: "plain" }, `Use “${name}” as ${field}`);
      use.addEventListener("click", () => {
        if (this.input(field).readOnly) return;
        this.input(field).value = name;
        this.calls.changed(this);
        this.input(field).focus();
      });
      return [use, element("small", {}, keyword)];
    });
    this.offers.replaceChildren(...(buttons.length ? ["The file says: ", ...buttons.flat()] : []));
  }

  /** What tells its file from others of the same name. */
  fileSaid() {
    return [sizeOf(this.size), this.measured].filter(Boolean).join(", ");
  }

  /** @param {string} said Which rows of the same name wait for another file. */
  tellOthers(said) {
    if (this.others.textContent !== said) this.others.textContent = said;
  }

  /** @param {...(Node|string)} said What is known of the tube beside what is typed. */
  remark(...said) {
    this.noted.replaceChildren(...said);
    this.calls.changed(this);
  }

  inputs() {
    return Array.from(this.fields.querySelectorAll("input"));
  }

  input(name) {
    return this.fields.querySelector(`[name="${name}"]`);
  }

  /** @returns {Record<string, string>} What is typed. */
  values() {
    const said = this.inputs().map((each) => [each.name, sentOf(each)]);
    return { ...this.beside, ...Object.fromEntries(said.filter(([, value]) => value)) };
  }

  /** @param {Record<string, string>} said */
  fill(said) {
    for (const each of this.inputs()) put(each, said[each.name] ?? each.value);
  }

  /** @param {Record<string, string>} said Put into the fields that are empty. */
  complete(said) {
    for (const each of this.inputs()) if (!each.value && said[each.name]) put(each, said[each.name]);
  }

  /** The key by which this is stored once: another one as soon as something else is said. */
  keyFor(values) {
    const said = JSON.stringify(values);
    if (this.said && this.said !== said) this.key = newKey();
    this.said = said;
    return this.key;
  }

  /** @returns {object} What is kept of it while nobody is signed in. */
  kept() {
    const { name, size, nth, mark, modified, measured, key, said, beside, filled } = this;
    const looked = Object.keys(filled).length ? this.looked : "";
    return { of: { name, size, nth, mark, modified, measured }, key, said, beside, filled, looked, values: this.values() };
  }
}

/**
 * The fields of a tube, with ids of their own.
 * @param {string} suffix
 * @returns {HTMLElement}
 */
export function fieldsOf(suffix) {
  const made = document.getElementById("tube-fields").content.firstElementChild.cloneNode(true);
  for (const each of made.querySelectorAll("label")) each.htmlFor = each.htmlFor.replace("-N", suffix);
  for (const each of made.querySelectorAll("[id]")) each.id = each.id.replace("-N", suffix);
  for (const each of made.querySelectorAll("[aria-describedby]")) {
    each.setAttribute("aria-describedby", each.getAttribute("aria-describedby").replace("-N", suffix));
  }
  return made;
}

/**
 * Put something into a field; a time is written as people type it, and read back.
 * @param {HTMLInputElement} field
 * @param {string} said
 */
export function put(field, said) {
  field.value = "time" in field.dataset ? typedTime(said) : said;
  readBack(field);
}
