/** What another person's gates have other than those that were drawn here. */

import { ask, element } from "./hladr.js";

/**
 * The newest version as it is to be compared; where it is not answered, that there is one.
 * @param {string} analysis @param {number} seen @param {{current_version: number}} problem
 */
export async function newestOf(analysis, seen, problem) {
  try {
    return await ask("GET", `/samples/${analysis}/gates/newest?seen=${seen}`);
  } catch {
    return { version: problem.current_version, by: "somebody else", at: "", gates: [], moved: [], before: [] };
  }
}

/** @param {any} theirs As `newestOf` says it. @param {number} seen @returns {string} */
export function faster({ version, by, at }, seen) {
  const made = `Version ${version} was made by ${by}${at && ` at ${at}`}, while you looked at version ${seen}.`;
  return `${made} Nothing of theirs was overwritten; what you drew is still here.`;
}

/**
 * Tables of the vertices that differ: of the gates that were moved here, and of the others that they moved.
 * @param {import("./gate_plot.js").GatePlot[]} plots
 * @param {{gate?: string}[]} changes What waits here; undo and reset are of all gates.
 * @param {{gates: any[], moved: string[], before: any[]}} theirs As the service answers it.
 * @returns {Element[]}
 */
export function differences(plots, changes, theirs) {
  const of = (gates, plot) => {
    const gate = gates.find((each) => each.gate === plot.gate);
    return gate && plot.shaped(numbersOf(gate)).listed();
  };
  const mine = plots.filter((plot) => changes.some((each) => each.gate === plot.gate));
  const tables = mine.flatMap((plot) => {
    const now = of(theirs.gates, plot);
    return now ? [table(plot, [now, plot.shape.listed()], "where yours differ from theirs", "Yours")] : [];
  });
  const titles = mine.map((plot) => plot.title);
  const also = theirs.moved.filter((each) => !titles.includes(each));
  if (!also.length) return tables;
  const fate = changes.every((each) => each.gate) ? "what they moved there stays" : "yours on top takes that back";
  tables.push(element("p", { class: "note" }, `They ${tables.length ? "also " : ""}moved ${also.join(", ")}; ${fate}.`));
  for (const plot of plots.filter((each) => also.includes(each.title))) {
    const [now, before] = [of(theirs.gates, plot), of(theirs.before, plot)];
    if (now && before) tables.push(table(plot, [now, before], "what they moved", "As you saw it"));
  }
  return tables;
}

/**
 * Draw the gates that somebody else has beside those that differ; none takes them away.
 * @param {import("./gate_plot.js").GatePlot[]} plots
 * @param {any[]} gates As the service answers them.
 */
export function drawTheirs(plots, gates) {
  for (const plot of plots) {
    const gate = gates.find((each) => each.gate === plot.gate);
    plot.drawTheirs(gate ? numbersOf(gate) : null);
  }
  document.getElementById("theirs").hidden = !gates.length;
}

const numbersOf = (gate) => gate.vertices ?? gate.intervals[0];

function table(plot, [theirs, ours], said, head) {
  const names = theirs.length > ours.length ? theirs : ours;
  const rows = names.flatMap(({ name }, at) => {
    const [their, our] = [theirs[at], ours[at]];
    if (their && our && String(their.numbers) === String(our.numbers)) return [];
    const cells = [their, our].map((each) => element("td", {}, each?.text ?? "none"));
    return [element("tr", {}, element("th", { scope: "row" }, name), ...cells)];
  });
  if (!rows.length) return element("p", { class: "note" }, `${plot.title}: yours is as theirs.`);
  const heads = ["What", "Theirs", head].map((each) => element("th", { scope: "col" }, each));
  const caption = element("caption", {}, `${plot.title}: ${said} (${plot.axes})`);
  const body = element("tbody", {}, ...rows);
  const made = element("table", { class: "list differences" }, caption, element("thead", {}, element("tr", {}, ...heads)), body);
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Differences of ${plot.title}` }, made);
}
