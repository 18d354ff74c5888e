/** The shape of a gate on one column: a low and a high end, in the numbers of its scale. */

import { GateAxis } from "./gate_axis.js";

const NAMES = ["Low end", "High end"];

/** The ends of a range as upright lines; an open one has no handle. */
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

  crosses() {
    return false;
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
    return `${NAMES[at]}: ${this.text(at)}`;
  }

  /** @returns {{name: string, numbers: (number|null)[], text: string}[]} Both ends, to be read and compared. */
  listed() {
    return this.ends.map((end, at) => ({ name: NAMES[at], numbers: [end], text: end === null ? "open" : this.text(at) }));
  }

  /** @returns {string} What an end is, in the values of the channel. */
  text(at) {
    return this.x.shown(this.x.pixel(this.ends[at]));
  }
}

const ON_LINE = [0.85, 0.65]; // of a line through zero, where the handle of its end is

/** The ends of a range of area over height: lines through zero, both axes linear. */
export class Wedge extends Range {
  /**
   * @param {(number|null)[]} ends
   * @param {GateAxis} x Of the area.
   * @param {GateAxis} y Of the height.
   * @param {{units: number[], data: number[]}} ratio Even steps of area over height.
   */
  constructor(ends, x, y, ratio) {
    super(ends, x, y);
    this.ratio = new GateAxis(ratio, ratio.data[0], ratio.data.at(-1));
  }

  handles() {
    return this.ends.flatMap((end, at) => {
      if (end === null) return [];
      const [right, top] = this.#leaves(end);
      return [{ at, x: this.x.pixel(ON_LINE[at] * right), y: this.y.pixel(ON_LINE[at] * top) }];
    });
  }

  put(at, x, y) {
    const [area, height] = [this.x.unit(x), this.y.unit(y)];
    const ratio = height > 0 ? Math.max(0, area) / height : Infinity;
    const other = this.ends[1 - at];
    const unit = this.ratio.unit(Math.min(ratio, this.ratio.to));
    this.ends[at] = other === null ? unit : at === 0 ? Math.min(unit, other) : Math.max(unit, other);
  }

  path() {
    const [low, high] = this.ends;
    const [right, top] = [this.x.units.at(-1), this.y.units.at(-1)];
    const below = high === null ? [right, 0] : this.#leaves(high);
    const above = low === null ? [0, top] : this.#leaves(low);
    const corner = below[0] === right && above[0] < right ? [[right, top]] : [];
    const points = [[0, 0], below, ...corner, above];
    return `M${points.map(([a, b]) => `${this.x.pixel(a).toFixed(2)} ${this.y.pixel(b).toFixed(2)}`).join("L")}Z`;
  }

  text(at) {
    return `area over height ${this.ratio.pixel(this.ends[at]).toLocaleString("en", { maximumSignificantDigits: 4 })}`;
  }

  /** Where the line of an end leaves the picture. @returns {[number, number]} Area and height. */
  #leaves(end) {
    const ratio = this.ratio.pixel(end);
    const [right, top] = [this.x.units.at(-1), this.y.units.at(-1)];
    if (ratio * top < right) return [ratio * top, top];
    return [right, right / ratio];
  }
}
