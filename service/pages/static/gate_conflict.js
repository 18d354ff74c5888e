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
    return { version: problem.current_version, by: "somebody else", at: "", gates: [], moved: [] };
  }
}

/** @param {any} theirs As `newestOf` says it. @param {number} seen @returns {string} */
export function faster({ version, by, at }, seen) {
  const made = `Version ${version} was made by ${by}${at && ` at ${at}`}, while you looked at version ${seen}.`;
  return `${made} Nothing of theirs was overwritten; what you drew is still here.`;
}

/**
 * Tables of the vertices that differ, and which other gates were moved.
 * @param {import("./gate_plot.js").GatePlot[]} plots Of the gates that were moved here.
 * @param {{gates: any[], moved: string[]}} theirs As the service answers it.
 * @returns {Element[]}
 */
export function differences(plots, theirs) {
  const tables = plots.flatMap((plot) => {
    const gate = theirs.gates.find((each) => each.gate === plot.gate);
    return gate ? [table(plot, plot.shaped(gate.vertices ?? gate.intervals[0]).listed())] : [];
  });
  const titles = plots.map((plot) => plot.title);
  const also = theirs.moved.filter((each) => !titles.includes(each));
  if (also.length) tables.push(element("p", { class: "note" }, `They also moved ${also.join(", ")}; what they moved there stays.`));
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
    plot.drawTheirs(gate ? (gate.vertices ?? gate.intervals[0]) : null);
  }
  document.getElementById("theirs").hidden = !gates.length;
}

function table(plot, theirs) {
  const ours = plot.shape.listed();
  const names = theirs.length > ours.length ? theirs : ours;
  const rows = names.flatMap(({ name }, at) => {
    const [their, our] = [theirs[at], ours[at]];
    if (their && our && String(their.numbers) === String(our.numbers)) return [];
    const cells = [their, our].map((each) => element("td", {}, each?.text ?? "none"));
    return [element("tr", {}, element("th", { scope: "row" }, name), ...cells)];
  });
  if (!rows.length) return element("p", { class: "note" }, `${plot.title}: yours is as theirs.`);
  const heads = ["What", "Theirs", "Yours"].map((each) => element("th", { scope: "col" }, each));
  const caption = element("caption", {}, `${plot.title}: where yours differ from theirs (${plot.axes})`);
  const body = element("tbody", {}, ...rows);
  const made = element("table", { class: "list differences" }, caption, element("thead", {}, element("tr", {}, ...heads)), body);
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Differences of ${plot.title}` }, made);
}
