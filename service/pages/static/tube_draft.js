/** What somebody types of a tube that was measured, kept beside the version that they typed it over. */

import { forget, keep, kept } from "./kept.js";

export class TubeDraft {
  /**
   * @param {string} id
   * @param {{version: number, said: Record<string, string>}} now The tube as it is: what stands in each field.
   */
  constructor(id, now) {
    const before = kept(id);
    const known = before?.base ? before : { base: now, typed: {}, reason: "" };
    Object.assign(this, { id, now, base: known.base, typed: known.typed, reason: known.reason });
  }

  /** @param {string} name @returns {string} What is to stand in a field: what was typed, else what is said now. */
  value(name) {
    return this.typed[name] ?? this.now.said[name];
  }

  /** @param {string} name @param {string} text */
  type(name, text) {
    if (text === this.now.said[name]) delete this.typed[name];
    else this.typed[name] = text;
    this.#keep();
  }

  /** @param {string} reason */
  because(reason) {
    this.reason = reason;
    this.#keep();
  }

  forget() {
    forget(this.id);
  }

  /**
   * What somebody else changed since it was begun; `typed` is undefined where nobody typed, or the same.
   * @returns {{name: string, was: string, now: string, typed: string|undefined}[]}
   */
  conflicts() {
    const { base, now, typed } = this;
    const changed = Object.keys(now.said).filter((name) => now.said[name] !== base.said[name]);
    return changed.map((name) => {
      const mine = typed[name] === now.said[name] ? undefined : typed[name];
      return { name, was: base.said[name], now: now.said[name], typed: mine };
    });
  }

  #keep() {
    const { base, typed, reason } = this;
    if (!reason && !Object.keys(typed).length) this.forget();
    else keep(this.id, { base, typed, reason });
  }
}
