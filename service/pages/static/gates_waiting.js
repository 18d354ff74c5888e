/** The page of a sample: whoever is about to sign it is told of gates that were drawn in this tab and not saved. */

import { GateKeeper } from "./gate_keeper.js";
import { element } from "./hladr.js";

const [, , analysis] = location.pathname.split("/");
const user = document.querySelector('meta[name="user"]')?.content;

function tell() {
  document.getElementById("gates-waiting")?.remove();
  if (!new GateKeeper(analysis, user).kept()) return;
  const way = element("a", { href: `/samples/${analysis}/gates` }, "Look at them");
  const title = element("strong", {}, "Gates that you drew here are not saved.");
  const said = element("p", { id: "gates-waiting", class: "told", role: "status" }, title, " The number is without them. ", way);
  document.querySelector("#sign-off h2")?.after(said);
}

window.addEventListener("pageshow", tell); // by the way back, too
