/** The events under the gates: drawn anew when the hand rests, so that no number waits for a picture. */

const REST = 400; // milliseconds after the last gate was saved

/** Pictures of events; until a new one is there, the old one is pale. */
export class GateEvents {
  /** @param {() => boolean} isBusy Whether a gate waits to be saved, or is in somebody's hand. */
  constructor(isBusy) {
    this.isBusy = isBusy;
    this.old = new Set(); // plots whose picture is not of the gates that were saved last
  }

  /**
   * A gate was saved: the plots below it are to show other events.
   * @param {any[]} plots @param {any} [moved] Its plot; without one all are others. @param {string} version Its address.
   */
  saved(plots, moved, version) {
    this.version = version;
    for (const plot of plots) {
      if (moved && !moved.said.below.includes(plot.said.number)) continue;
      this.old.add(plot);
      plot.section.classList.add("drawing");
    }
    this.#wait();
  }

  #wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.isBusy() ? this.#wait() : this.#draw()), REST);
  }

  #draw() {
    for (const plot of this.old) {
      const image = plot.svg.querySelector("image");
      const done = () => this.old.has(plot) || plot.section.classList.remove("drawing");
      for (const end of ["load", "error"]) image.addEventListener(end, done, { once: true });
      image.setAttribute("href", `${this.version}/density/${plot.said.number}.png`);
    }
    this.old.clear();
  }
}
