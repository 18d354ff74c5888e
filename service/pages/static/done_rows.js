/** Rows of tubes that were measured: what one says of itself changes as others come. */

import { pieceOf } from "./sending.js";

export class DoneRows {
  /** @param {HTMLElement} list @param {string} run */
  constructor(list, run) {
    Object.assign(this, { list, run, asking: null, again: false });
  }

  /**
   * Ask for all rows anew; whoever calls while that is under way is answered by the next time.
   * @returns {Promise<void>}
   */
  refresh() {
    this.again = true;
    this.asking ??= this.#ask().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  async #ask() {
    while (this.again) {
      this.again = false;
      try {
        this.#put(await pieceOf(`/runs/${this.run}/tubes`));
      } catch {
        return; // what follows says that the line is lost, or the session over
      }
    }
  }

  /** Put new rows in the place of the old ones; one that is being corrected stays. */
  #put(made) {
    for (const now of Array.from(made.children)) {
      const old = this.list.querySelector(`[data-id="${now.dataset.id}"]`);
      if (!old || old.querySelector("form") || old.isEqualNode(now)) continue;
      const address = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      old.replaceWith(now);
      if (address) now.querySelector(`a[href="${CSS.escape(address)}"]`)?.focus({ preventScroll: true });
    }
  }
}
