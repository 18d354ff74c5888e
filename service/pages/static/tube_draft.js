/** What somebody types of a tube that was measured, kept beside the version that they typed it over. */

import { newKey } from "./hladr.js";
import { forget, keep, kept } from "./kept.js";

export class TubeDraft {
  /**
   * @param {string} id
   * @param {{version: number, said: Record<string, string>}} now The tube as it is: what stands in each field.
   */
  constructor(id, now) {
    const before = kept(id);
    const known = before?.base ? before : { base: now, typed: {}, reason: "" };
    const { base, typed, reason, said = "", key = "" } = known;
    Object.assign(this, { id, now, base, typed, reason, said, key });
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

  /**
   * The key by which this is stored once, an answer that was lost or not: another one as soon as something else is said.
   * @param {object} json @param {number} version Of the tube that it is said over. @returns {string}
   */
  keyFor(json, version) {
    const said = JSON.stringify([version, json]);
    if (this.said !== said) Object.assign(this, { said, key: newKey() });
    this.#keep();
    return this.key;
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
    const { base, typed, reason, said, key } = this;
    if (!reason && !Object.keys(typed).length) this.forget();
    else keep(this.id, { base, typed, reason, said, key });
  }
}
