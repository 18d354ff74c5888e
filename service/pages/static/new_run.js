/** New run: which lot is meant, and the bead file on its way as soon as it is dropped. */

import { dropZone, sizeOf } from "./drop_zone.js";
import { Refused, SessionOver, element, newKey, signInAddress } from "./hladr.js";
import { forget, keep, kept } from "./kept.js";
import { onScan } from "./scan.js";
import { sendOnce } from "./sending.js";

const form = document.getElementById("run");
if (form) begin();

function begin() {
  const fields = Object.fromEntries(
    ["instrument_id", "lot_number", "lot_again", "file"].map((id) => [id, document.getElementById(id)]),
  );
  const known = Array.from(document.querySelectorAll("#known-lots li"));
  const told = document.getElementById("lot-told");
  const problem = document.getElementById("beads-problem");
  const radios = Array.from(form.querySelectorAll('[name="lot_id"]'));
  let beads = null, key = newKey(), sending = false;

  document.body.classList.add("scripted");
  restore();
  look();

  fields.instrument_id.addEventListener("change", () => {
    pressLastUsed();
    look();
  });
  form.addEventListener("input", (event) => {
    if (event.target === fields.lot_number || event.target === fields.lot_again) press("");
    if (event.target !== fields.file) look();
  });
  onScan(fields.lot_number, (scanned) => {
    if (!scanned) return fields.lot_again.focus();
    fields.lot_again.value = fields.lot_number.value;
    look();
    if (lot()) fields.file.focus();
  });
  onScan(fields.lot_again, () => lot() && fields.file.focus());
  dropZone(fields.file, ([file]) => {
    beads = file;
    key = newKey();
    send();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });

  function press(id) {
    for (const each of radios) each.checked = each.value === id;
  }

  function pressLastUsed() {
    const used = fields.instrument_id.selectedOptions[0]?.dataset.lot ?? "";
    press(radios.some((each) => each.value === used) ? used : "");
  }

  /** Show the lot that was used last on this instrument alone, and the one that is meant. */
  function look() {
    const used = fields.instrument_id.selectedOptions[0]?.dataset.lot ?? "";
    for (const each of radios) if (each.value) each.closest("label").hidden = each.value !== used;
    const { id, why } = chosen();
    const item = known.find((each) => each.dataset.id === id);
    told.replaceChildren(...(item ? ["Lot: ", ...item.cloneNode(true).childNodes] : [why]));
  }

  /** Keep what is chosen for the way to sign in and back; who leaves otherwise begins anew. */
  function keepChoice() {
    keep("choice", {
      instrument_id: fields.instrument_id.value,
      lot_id: radios.find((each) => each.checked)?.value ?? "",
      lot_number: fields.lot_number.value,
      lot_again: fields.lot_again.value,
    });
  }

  /** The lot that is meant, or why it is not clear which one. */
  function chosen() {
    const pressed = radios.find((each) => each.checked)?.value ?? "";
    if (pressed) return { id: pressed, why: "" };
    const first = fields.lot_number.value.trim(), again = fields.lot_again.value.trim();
    if (!first) return { id: "", why: "Scan or type the number of the lot." };
    const found = known.filter((each) => [each.dataset.number, each.dataset.label].includes(first));
    if (!again) return { id: "", why: "Type the number once more." };
    if (first !== again) return { id: "", why: "The two numbers differ. Look at the vial." };
    if (!found.length) return { id: "", why: `No lot ${first} is known here. Enter it under Lots first.` };
    if (found.length > 1) return { id: "", why: "Several lots have this number. Type maker · product · number." };
    return { id: found[0].dataset.id, why: "" };
  }

  function lot() {
    return chosen().id;
  }

  function restore() {
    const said = kept("choice");
    forget("choice");
    if (!said || !signedIn() || document.querySelector('[role="alert"]')) return;
    const asked = new URLSearchParams(location.search).has("instrument");
    if (!asked && Array.from(fields.instrument_id.options).some((each) => each.value === said.instrument_id)) {
      fields.instrument_id.value = said.instrument_id;
    }
    pressLastUsed();
    if (said.lot_id || !said.lot_number) return;
    press("");
    fields.lot_number.value = said.lot_number;
    fields.lot_again.value = said.lot_again;
  }

  /** Whether somebody comes from signing in. */
  function signedIn() {
    return URL.canParse(document.referrer) && new URL(document.referrer).pathname === "/sign-in";
  }

  async function send() {
    problem.replaceChildren();
    if (sending) return;
    if (!fields.instrument_id.value) return say("Choose the instrument; the file is kept.", fields.instrument_id);
    if (!lot()) return say(`${chosen().why} The file is kept; press Calibrate then.`, fields.lot_number);
    if (!beads) return say("Drop the bead file.", fields.file);
    sending = true;
    const body = new FormData();
    body.append("file", beads, beads.name);
    body.append("instrument_id", fields.instrument_id.value);
    body.append("lot_id", lot());
    progress(`Sending ${beads.name}, ${sizeOf(beads.size)} …`, 0);
    try {
      const run = await sendOnce("/api/v1/calibrations", body, { key, progress: (share) => progress(null, share) });
      location.assign(`/runs/${run.id}`);
    } catch (error) {
      failed(error);
    }
  }

  function progress(text, share) {
    const bar = document.getElementById("progress");
    bar.hidden = text === "";
    bar.querySelector("progress").value = share;
    const words = share < 1 ? text : "Looking for the beads …";
    if (words !== null) document.getElementById("progress-told").textContent = words;
  }

  function say(text, field) {
    problem.replaceChildren(element("p", { class: "problem", role: "alert" }, element("strong", {}, "Not done. "), text));
    field.focus();
  }

  function failed(error) {
    sending = false;
    progress("", 0);
    const said = element("p", { class: "problem", role: "alert" }, element("strong", {}, "Not done. "));
    problem.replaceChildren(said);
    if (error instanceof SessionOver) {
      const to = element("a", { href: signInAddress() }, "Sign in again");
      to.addEventListener("click", keepChoice);
      said.append("Your session is over. ", to, "; instrument and lot are kept, the file is to be dropped again.");
    } else if (error instanceof Refused) {
      const about = error.message.startsWith(beads.name) ? "" : `${beads.name}: `;
      said.append(`${about}${error.message} `, element("code", {}, error.code));
      problem.append(element("p", {}, "Nothing of it was stored. Drop another bead file, or choose another lot and press Calibrate."));
      key = newKey();
    } else {
      const again = element("button", { type: "button" }, "Try again");
      again.addEventListener("click", send);
      said.append(`${error.message} `);
      problem.append(element("p", { class: "actions" }, again));
    }
  }
}
