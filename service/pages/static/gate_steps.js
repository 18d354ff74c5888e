/** The way back and forth between gates that were: undo, redo and reset, by buttons and by keys. */

/** Versions whose gates were others, and at which of them the page is. */
export class GateSteps {
  /**
   * @param {{past: number[], at: number}} way In the order of undo.
   * @param {{step: (by: number) => void, reset: () => void}} acts What a button or a key asks for.
   */
  constructor({ past, at }, acts) {
    this.past = past;
    this.at = at;
    this.buttons = [...document.querySelectorAll("#acts button")];
    const asked = [() => acts.step(-1), () => acts.step(1), acts.reset];
    this.buttons.forEach((button, place) =>
      button.addEventListener("click", (event) => {
        event.preventDefault();
        if (button.ariaDisabled !== "true") asked[place]();
      }),
    );
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.target.closest("input, textarea")) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) acts.step(-1);
      else if (key === "y" || (key === "z" && event.shiftKey)) acts.step(1);
      else return;
      event.preventDefault();
    });
  }

  /** A version was made, from which there is a way back. @param {number} version */
  made(version) {
    this.past = this.past.slice(0, this.at + 1);
    if (this.past.at(-1) !== version) this.past.push(version);
    this.at = this.past.length - 1;
  }

  /**
   * Say by the buttons what can be done.
   * @param {{drawnByHand: boolean, drawing: boolean, waiting: boolean}} now Whether a key has moved something a moment
   * ago, and whether something is not saved yet: then nothing can be done, and the focus stays where it is.
   */
  show({ drawnByHand, drawing, waiting }) {
    const [undo, redo, reset] = this.buttons;
    undo.disabled = !drawing && this.at < 1;
    redo.disabled = drawing || this.at >= this.past.length - 1;
    reset.disabled = !drawing && !drawnByHand;
    for (const each of this.buttons) each.ariaDisabled = waiting ? "true" : null;
  }
}
