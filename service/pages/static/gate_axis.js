/** An axis of a gate's plot: where a number lies on the picture, and which number lies there. */

/**
 * Value of a function that is known at even steps, straight between them.
 * @param {number[]} values
 * @param {number} share From 0 to 1.
 * @returns {number}
 */
function at(values, share) {
  const place = Math.min(1, Math.max(0, share)) * (values.length - 1);
  const before = Math.min(values.length - 2, Math.floor(place));
  return values[before] + (place - before) * (values[before + 1] - values[before]);
}

/** Numbers along one side of a plot: those of the gate's scale, and those of the channel. */
export class GateAxis {
  /**
   * @param {{units: number[], data: number[]}} steps Both at the same even steps, rising.
   * @param {number} from Where the axis begins on the picture.
   * @param {number} to Where it ends.
   */
  constructor({ units, data }, from, to) {
    this.units = units;
    this.data = data;
    this.from = from;
    this.to = to;
  }

  /** @param {number} unit On the gate's scale. @returns {number} Where it lies; beyond an end, there. */
  pixel(unit) {
    const { units } = this;
    const last = units.length - 1;
    if (!(unit > units[0])) return this.from;
    if (unit >= units[last]) return this.to;
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (units[middle] <= unit) low = middle;
      else high = middle;
    }
    const share = (low + (unit - units[low]) / (units[high] - units[low])) / last;
    return this.from + share * (this.to - this.from);
  }

  /** @param {number} pixel @returns {number} What lies there on the gate's scale. */
  unit(pixel) {
    return at(this.units, (pixel - this.from) / (this.to - this.from));
  }

  /** @param {number} pixel @returns {string} What lies there in the values of the channel, to be read. */
  shown(pixel) {
    const value = at(this.data, (pixel - this.from) / (this.to - this.from));
    const digits = Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
    return value.toLocaleString("en", digits);
  }
}
