/** What a hand takes hold of on a plot: the vertices of a gate, and the middles of its edges. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element of an SVG.
 * @param {string} name @param {Record<string, unknown>} attributes @param {...Node} children
 * @returns {SVGElement}
 */
export function drawn(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * @param {import("./gate_shape.js").Polygon} shape
 * @param {{at: number, x: number, y: number}[]} middles Of the edges that have room for one.
 * @param {{now: number, picked: boolean, hold: number}} state Of the vertex that keys move; the radius of a hold.
 * @returns {SVGElement[]}
 */
export function handlesOf(shape, middles, { now, picked, hold }) {
  const circle = (radius, name) => drawn("circle", { r: radius, class: name });
  const before = middles.map(({ at, x, y }) =>
    drawn("g", { class: "middle", "data-before": at, transform: `translate(${x} ${y})` }, circle(hold / 2, "hold"), circle(2.5, "seen")),
  );
  const handles = shape.handles().map(({ at, x, y }, place) =>
    drawn("g", {
      class: place === now && picked ? "handle picked" : "handle", "data-at": at, transform: `translate(${x} ${y})`,
      role: "button", tabindex: place === now ? 0 : -1, "aria-label": shape.named(at),
      "aria-pressed": place === now && picked, "aria-describedby": "help",
    }, circle(hold, "hold"), circle(4.5, "seen")),
  );
  return [...before, ...handles];
}
