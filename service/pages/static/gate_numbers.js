/** The numbers beside the gates: AB/c, how far it moved, the vertices as they are typed. */

import { element } from "./hladr.js";

const whole = (value) => (value === null ? "no number" : value.toLocaleString("en", { maximumFractionDigits: 0 }));
const percent = (share) => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)} %`;
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
    const { result } = told;
    const number = result.hla_dr ?? result.unreleasable;
    const { automatic } = result.gating;
    const low = number.ci95[0];
    put("abc", whole(number.abc));
    put("interval", low === null ? "none" : `${whole(low)} to ${whole(number.ci95[1])}`);
    put("monocytes", whole(number.monocytes));
    put("method", told.gates_sha256 === null ? "automatic" : "drawn by hand");
    put("automatic", beside(told, number));
    put("moved", automatic?.moved == null ? "nothing" : percent(automatic.moved));
    put("version", told.version);
    document.getElementById("unusable").hidden = result.hla_dr !== null;
    const badge = document.getElementById(`verdict-${told.verdict}`).content.cloneNode(true);
    document.getElementById("verdict").replaceChildren(badge);
    put("said", spoken(told, number, automatic));
    for (const field of this.place.querySelectorAll('input[name="version"]')) field.value = told.version;
  }

  /** Show the numbers of a gate in its table. @param {HTMLElement} section @param {any} gate @param {{typed: boolean}} what */
  showGate(section, gate, what) {
    const share = gate.of ? ` (${((100 * gate.events) / gate.of).toFixed(1)} %)` : "";
    section.querySelector(".events").textContent = `${whole(gate.events)} of ${whole(gate.of)} events${share}`;
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

function row(place, head, [x, y], heads) {
  const cell = (name, value, axis) =>
    element("td", {}, element("input", { name, value, inputmode: "decimal", autocomplete: "off", "aria-label": `Vertex ${place}, ${axis}` }));
  return element("tr", {}, element("th", { scope: "row" }, head), cell("x", x, heads[0]), cell("y", y, heads[1]));
}

function beside(told, number) {
  const { automatic } = told.result.gating;
  if (!automatic) return told.gates_sha256 === null ? "the same" : "refused";
  const abc = number.abc === null || automatic.moved === null ? null : number.abc / (1 + automatic.moved);
  return `${whole(abc)} AB/c, ${whole(automatic.monocytes)} monocytes`;
}

function spoken(told, number, automatic) {
  const moved = automatic?.moved == null ? "" : `, ${percent(automatic.moved)} from the automatic gate`;
  const bad = told.result.hla_dr === null ? " Not to be used: its findings reject it." : "";
  return `Saved as version ${told.version}: ${whole(number.abc)} AB/c, ${whole(number.monocytes)} monocytes${moved}.${bad}`;
}
