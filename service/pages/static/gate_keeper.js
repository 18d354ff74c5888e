/** What was drawn and not saved yet, kept in this tab of the browser until it is. */

/** Keeps changes of one analysis, of one person. */
export class GateKeeper {
  /** @param {string} analysis @param {string} user */
  constructor(analysis, user) {
    this.user = user;
    this.name = `hladr.gates.${analysis}`;
  }

  /** Keep what waits. @param {number} version It was drawn on. @param {object[]} waiting */
  keep(version, waiting) {
    const known = this.#read();
    this.#write({ ...known, version, waiting });
  }

  /** Keep the way back. @param {number} version @param {number[]} past @param {number} at */
  keepPast(version, past, at) {
    this.#write({ ...this.#read(), pastOf: version, past, at });
  }

  /** @returns {{version: number, waiting: object[]}|null} What waits; null if nothing does. */
  kept() {
    const known = this.#read();
    return known.waiting?.length ? known : null;
  }

  /**
   * @param {number} version @param {number[]} told Versions that undo leads through, as the service tells them.
   * @returns {{past: number[], at: number}} The way back from a version, and forth where this tab knows it.
   */
  past(version, told) {
    const known = this.#read();
    return known.pastOf === version ? known : { past: told, at: told.length - 1 };
  }

  #read() {
    try {
      const known = JSON.parse(sessionStorage.getItem(this.name));
      return known?.user === this.user ? known : { user: this.user };
    } catch {
      return { user: this.user };
    }
  }

  #write(known) {
    try {
      sessionStorage.setItem(this.name, JSON.stringify(known));
    } catch {
      // A browser that keeps nothing: what waits stays on the page alone.
    }
  }
}
