/** Tables of numbers stay open or closed over a reload, and over a form that is sent. */

import { element } from "./hladr.js";

/** @param {HTMLElement} place With the tables, each a `details` with the number of its gate. */
export function keepOpen(place) {
  const open = () => [...place.querySelectorAll("details[open]")].map((each) => each.dataset.number);
  const toggled = () => {
    const address = new URL(location.href);
    address.searchParams.delete("open");
    for (const number of open()) address.searchParams.append("open", number);
    history.replaceState(history.state, "", address);
  };
  toggled(); // what was opened before the script was there
  place.addEventListener("toggle", toggled, true); // it does not bubble
  place.addEventListener("submit", (event) => {
    const fields = open().map((value) => element("input", { type: "hidden", name: "open", value }));
    event.target.append(...fields);
  });
}
