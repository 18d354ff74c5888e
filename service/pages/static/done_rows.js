/** Rows of tubes that were measured: what one says of itself changes as others come, and as others work on it. */

import { OVER, REFUSED, SILENT } from "./fresh.js";
import { SessionOver, Unreachable } from "./hladr.js";
import { pieceOf } from "./sending.js";

export class DoneRows {
  /**
   * @param {HTMLElement} list
   * @param {string} run
   * @param {() => boolean} idle Whether no tube is being measured from here: one that is gets its own row at its end.
   */
  constructor(list, run, idle) {
    Object.assign(this, { list, run, idle, asking: null, again: false });
  }

  /**
   * Ask for all rows anew; whoever calls while that is under way is answered by the next time.
   * @returns {Promise<string>} What is said where they could not be had; empty where they were.
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
      } catch (error) {
        if (error instanceof Unreachable) return SILENT;
        return error instanceof SessionOver ? OVER : REFUSED;
      }
    }
    return "";
  }

  /** Put new rows in the place of the old ones; one that is being corrected stays. */
  #put(made) {
    document.getElementById("as-of").replaceWith(made.querySelector("#as-of"));
    for (const now of Array.from(made.querySelectorAll("ol > li"))) {
      const old = this.list.querySelector(`[data-id="${now.dataset.id}"]`);
      if (!old && this.idle()) this.#add(now);
      else if (old && !old.querySelector("form") && !old.isEqualNode(now)) this.#replace(old, now);
    }
  }

  /** A tube that came from elsewhere stands before what is not measured yet. */
  #add(now) {
    document.getElementById("none")?.remove();
    this.list.insertBefore(now, this.list.querySelector(":scope > li:not([data-id])"));
  }

  #replace(old, now) {
    const address = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceWith(now);
    if (address) now.querySelector(`a[href="${CSS.escape(address)}"]`)?.focus({ preventScroll: true });
  }
}
