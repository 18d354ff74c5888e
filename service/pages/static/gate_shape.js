/** The shape of a gate in the numbers of its scales: a polygon. */

const BETWEEN = 12; // points of an edge: it is straight on the gate's scale, not on every axis

/** On which side of a line a point is. */
const side = ([ax, ay], [bx, by], [x, y]) => Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));

/** A polygon; every vertex can be moved both ways. */
export class Polygon {
  /** @param {number[][]} vertices @param {import("./gate_axis.js").GateAxis} x @param {import("./gate_axis.js").GateAxis} y */
  constructor(vertices, x, y) {
    this.vertices = vertices.map((each) => [...each]);
    this.x = x;
    this.y = y;
  }

  /** @returns {{at: number, x: number, y: number}[]} Where the handles lie, each with its number. */
  handles() {
    return this.vertices.map(([x, y], at) => ({ at, x: this.x.pixel(x), y: this.y.pixel(y) }));
  }

  /** @returns {{at: number, x: number, y: number}[]} Middles of the edges, each before the vertex `at`. */
  middles() {
    return this.handles().map(({ x, y }, at, all) => {
      const next = all[(at + 1) % all.length];
      return { at: at + 1, x: (x + next.x) / 2, y: (y + next.y) / 2 };
    });
  }

  /** Put a vertex to a place on the picture; a side that is not moved keeps its number. */
  put(at, x, y) {
    const [now] = this.handles().slice(at, at + 1);
    if (x !== now.x) this.vertices[at][0] = this.x.unit(x);
    if (y !== now.y) this.vertices[at][1] = this.y.unit(y);
  }

  /** Add a vertex in the middle of the edge before `at`. @returns {number} Its number. */
  insert(at) {
    const before = this.vertices[at - 1];
    const after = this.vertices[at % this.vertices.length];
    this.vertices.splice(at, 0, [(before[0] + after[0]) / 2, (before[1] + after[1]) / 2]);
    return at;
  }

  /** Take a vertex away. @returns {boolean} Whether it could be: three are left. */
  remove(at) {
    if (this.vertices.length <= 3) return false;
    this.vertices.splice(at, 1);
    return true;
  }

  /** @returns {boolean} Whether two edges cross; such as only touch do not. */
  crosses() {
    const edges = this.vertices.map((from, at, all) => [from, all[(at + 1) % all.length]]);
    return edges.some(([a, b], at) =>
      edges.slice(at + 1).some(([c, d]) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0),
    );
  }

  /** @returns {string} The outline as the path of an SVG. */
  path() {
    const points = this.vertices.flatMap(([x, y], at, all) => {
      const [a, b] = all[(at + 1) % all.length];
      return Array.from({ length: BETWEEN }, (_, step) => {
        const share = step / BETWEEN;
        return `${this.x.pixel(x + share * (a - x)).toFixed(2)} ${this.y.pixel(y + share * (b - y)).toFixed(2)}`;
      });
    });
    return `M${points.join("L")}Z`;
  }

  /** @returns {{vertices: number[][]}} What is sent. */
  sent() {
    return { vertices: this.vertices.map((each) => [...each]) };
  }

  /** @returns {string} What a handle is called. */
  named(at) {
    return `Vertex ${at + 1} of ${this.vertices.length}: ${this.#text(at)}`;
  }

  /** @returns {{name: string, numbers: number[], text: string}[]} Its vertices, to be read and compared. */
  listed() {
    return this.vertices.map((numbers, at) => ({ name: `Vertex ${at + 1}`, numbers, text: this.#text(at) }));
  }

  #text(at) {
    const [x, y] = this.vertices[at];
    return `${this.x.shown(this.x.pixel(x))}, ${this.y.shown(this.y.pixel(y))}`;
  }
}
