/** What went wrong, and the ways on from there. */

import { element, signInAddress } from "./hladr.js";

/** The place of the page where trouble is told. */
export class GateTrouble {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
  }

  /**
   * @param {string} title
   * @param {string} sentence
   * @param {[string, () => void][]} ways Each a button, and what it does.
   * @param {...Element} more What is shown between.
   */
  say(title, sentence, ways, ...more) {
    const buttons = ways.map(([word, act], place) => {
      const button = element("button", { type: "button", class: place ? "plain" : "" }, word);
      button.addEventListener("click", act);
      return button;
    });
    this.#show(title, sentence, buttons, more);
  }

  /** The way on is to sign in, and to come back here. @param {string} title @param {string} sentence */
  signIn(title, sentence) {
    this.#show(title, sentence, [element("a", { class: "button", href: signInAddress() }, "Sign in")]);
  }

  clear() {
    this.place.replaceChildren();
  }

  #show(title, sentence, ways, more = []) {
    const said = element("p", { class: "problem" }, element("strong", {}, title), ` ${sentence[0].toUpperCase()}${sentence.slice(1)}`);
    this.place.replaceChildren(said, ...more, element("p", { class: "actions" }, ...ways));
    this.place.scrollIntoView({ block: "nearest" });
  }
}
