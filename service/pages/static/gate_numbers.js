/** The numbers beside the gates: AB/c, how far it moved, the vertices as they are typed. */

import { element } from "./hladr.js";

const SLOW = 1000; // milliseconds after which somebody wonders

const typed = (value) => (value === null ? "" : String(Number(value.toPrecision(6))));

/** What the page says in numbers. */
export class GateNumbers {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
  }

  /** Show a new version. @param {any} told As the service answers it. */
  show(told) {
    const put = (id, text) => (document.getElementById(id).textContent = text);
    const { printed, result } = told;
    put("abc", printed.abc);
    put("range", printed.range);
    put("interval", printed.ci95);
    for (const name of ["monocytes", "automatic", "moved"]) put(name, printed[name]);
    put("method", printed.gates);
    for (const id of ["version", "printed-version"]) put(id, told.version);
    document.getElementById("unusable").hidden = result.hla_dr !== null;
    const badge = document.getElementById(`verdict-${told.verdict}`).content.cloneNode(true);
    document.getElementById("verdict").replaceChildren(badge);
    put("said", spoken(told));
    for (const field of this.place.querySelectorAll('input[name="version"]')) field.value = told.version;
  }

  /**
   * Say by the numbers, and by the plots below a gate that was moved, that they are not of these gates, at once or when
   * that lasts.
   * @param {any[]} plots @param {{json: any}[]} changes That wait. @param {boolean} sending
   */
  showBehind(plots, changes, sending) {
    const waiting = changes.length > 0;
    markUnsaved(plots, changes.map(({ json }) => json));
    if (waiting && sending) {
      this.slow ??= setTimeout(() => this.#behind("Saving …"), SLOW);
      return;
    }
    clearTimeout(this.slow);
    this.slow = undefined;
    if (waiting) this.#behind("");
    else this.place.classList.remove("behind");
    const said = document.getElementById("said");
    if (said.textContent === "Saving …") said.textContent = "";
  }

  #behind(said) {
    document.getElementById("said").textContent = said;
    this.place.classList.add("behind");
  }

  /** Say the new number by the gate that was moved, and by no other. @param {HTMLElement} [section] @param {any} told */
  showBy(section, { printed }) {
    for (const each of this.place.querySelectorAll(".now")) each.textContent = "";
    if (section) section.querySelector(".now").textContent = `Saved: ${printed.abc} AB/c${shift(printed)}.`;
  }

  /** Show the numbers of a gate in its table. @param {HTMLElement} section @param {any} gate @param {{typed: boolean}} what */
  showGate(section, gate, what) {
    section.querySelector(".events").textContent = gate.said;
    const body = section.querySelector("tbody");
    if (!what.typed || body.contains(document.activeElement)) return;
    const heads = [...section.querySelectorAll("thead th")].slice(1).map((each) => each.textContent);
    if (gate.intervals) {
      const fields = body.querySelectorAll("input");
      gate.in_data[0].forEach((end, place) => (fields[place].value = typed(end)));
      return;
    }
    const rows = gate.in_data.map((corner, place) => row(place + 1, String(place + 1), corner.map(typed), heads));
    body.replaceChildren(...rows, row(gate.in_data.length + 1, "One more", ["", ""], heads));
  }
}

/** Gates that wait, and those of which they change the events; undo and the like may change all. */
function markUnsaved(plots, changes) {
  const moved = plots.filter((plot) => changes.some(({ gate }) => gate === plot.gate));
  const all = changes.some(({ gate }) => gate === undefined);
  for (const { said, section } of plots) {
    section.classList.toggle("waiting", moved.some((each) => each.said === said));
    section.classList.toggle("below", all || moved.some((each) => each.said.below.includes(said.number)));
  }
}

function row(place, head, [x, y], heads) {
  const cell = (name, value, axis) =>
    element("td", {}, element("input", { name, value, inputmode: "decimal", autocomplete: "off", "aria-label": `Vertex ${place}, ${axis}` }));
  return element("tr", {}, element("th", { scope: "row" }, head), cell("x", x, heads[0]), cell("y", y, heads[1]));
}

const shift = ({ moved }) => (moved === "nothing" ? "" : `, ${moved} from the automatic gate`);

function spoken({ printed, result, version }) {
  const beyond = printed.range && ` ${printed.range}`;
  const bad = result.hla_dr === null ? " Not to be used: its findings reject it." : "";
  return `Saved as version ${version}: ${printed.abc} AB/c, ${printed.monocytes} monocytes${shift(printed)}.${beyond}${bad}`;
}
