/** The shape of a gate in the numbers of its scales: a polygon, or the ends of a range. */

const BETWEEN = 12; // points of an edge: it is straight on the gate's scale, not on every axis

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
    const { x, y } = this.handles()[at];
    return `Vertex ${at + 1} of ${this.vertices.length}: ${this.x.shown(x)}, ${this.y.shown(y)}`;
  }
}

/** The ends of a range; an open one has no handle. */
export class Range {
  /** @param {(number|null)[]} ends @param {import("./gate_axis.js").GateAxis} x @param {import("./gate_axis.js").GateAxis} y */
  constructor(ends, x, y) {
    this.ends = [...ends];
    this.x = x;
    this.y = y;
  }

  handles() {
    const y = (this.y.from + this.y.to) / 2;
    return this.ends.flatMap((end, at) => (end === null ? [] : [{ at, x: this.x.pixel(end), y }]));
  }

  middles() {
    return [];
  }

  put(at, x) {
    const other = this.ends[1 - at];
    const unit = this.x.unit(x);
    if (x === this.x.pixel(this.ends[at])) return;
    this.ends[at] = other === null ? unit : at === 0 ? Math.min(unit, other) : Math.max(unit, other);
  }

  insert(at) {
    return at - 1;
  }

  remove() {
    return false;
  }

  path() {
    const [low, high] = this.ends;
    const left = low === null ? this.x.from : this.x.pixel(low);
    const right = high === null ? this.x.to : this.x.pixel(high);
    return `M${left} ${this.y.from}H${right}V${this.y.to}H${left}Z`;
  }

  sent() {
    return { intervals: [[...this.ends]] };
  }

  named(at) {
    return `${at === 0 ? "Low" : "High"} end: ${this.x.shown(this.x.pixel(this.ends[at]))}`;
  }
}
