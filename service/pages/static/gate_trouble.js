/** What went wrong, and the ways on from there. */

import { element, Refused, signInAddress } from "./hladr.js";

/**
 * Whether the service will never do what it was asked: not by signing in, by waiting, or by an answer of somebody.
 * @param {Error} error
 * @returns {boolean}
 */
export function isFinal(error) {
  if (!(error instanceof Refused) || error.status >= 500 || [412, 429].includes(error.status)) return false;
  return !["CHANGE_NOT_CONFIRMED", "STILL_RUNNING"].includes(error.code);
}

/** What it means to change what is signed. @param {{released?: boolean}} problem As the service refused it. @returns {string} */
export function signed({ released }) {
  const means = "What you drew is kept here and is not saved. Other gates make a new version that nobody has signed.";
  return released ? `${means} What was released stays as it was until the new version is signed.` : means;
}

/** The place of the page where trouble is told. */
export class GateTrouble {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.left = false; // whether somebody went on from here: what is kept is found again
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
    const way = element("a", { class: "button", href: signInAddress() }, "Sign in");
    way.addEventListener("click", () => (this.left = true));
    this.#show(title, sentence, [way]);
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
