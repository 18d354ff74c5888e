/** What another person's gates have other than those that were drawn here. */

import { element } from "./hladr.js";

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
