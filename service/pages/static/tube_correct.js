/** A tube that was measured, described anew in its row: a new version, with the reason. */

import { Refused, ask, element, newKey } from "./hladr.js";
import { forget, keep, kept } from "./kept.js";
import { pieceOf, problemOf } from "./sending.js";
import { readBack, sentOf } from "./read_time.js";
import { fieldsOf, put } from "./tube_row.js";

/**
 * Replace a row by what the service says of its tube now.
 * @param {Element} row
 * @param {string} run
 * @returns {Promise<Element>}
 */
export async function renewed(row, run) {
  const piece = await pieceOf(`/runs/${run}/tubes/${row.dataset.id}`);
  row.replaceWith(piece);
  return piece;
}

/**
 * Open the fields of a tube.
 * @param {HTMLElement} row
 * @param {string} run
 * @param {{failed: (error: Error) => void, changed: () => void}} calls When the session is over; when the tube is
 * another one.
 */
export async function correct(row, run, { failed, changed }) {
  if (row.querySelector("form")) return;
  const { id } = row.dataset;
  let told;
  try {
    told = await ask("GET", `/api/v1/analyses/${id}`);
    row = document.querySelector(`#tubes [data-id="${id}"]`); // it may have been shown anew meanwhile
    if (row.querySelector("form")) return;
    if (String(told.version) !== row.dataset.version) row = await renewed(row, run);
  } catch (error) {
    return failed(error);
  }
  const fields = fieldsOf(`-${id}`);
  const reason = element("input", { id: `reason-${id}`, name: "reason", required: true, maxlength: "2000" });
  const problem = element("div");
  const save = element("button", { type: "submit" }, "Save");
  const measured = element("span", { role: "status" });
  const cancel = element("button", { type: "button", class: "plain" }, "Leave it");
  const form = element(
    "form", { "aria-label": `Tube of ${told.tube.subject ?? told.tube.barcode ?? "nobody named"}` }, fields,
    element("p", { class: "field" }, element("label", { for: reason.id }, "Why it is corrected"), reason),
    problem, element("p", { class: "actions" }, save, measured, cancel),
  );
  const inputs = Array.from(fields.querySelectorAll("input"));
  const began = Object.fromEntries(inputs.map((each) => [each.name, told.tube[each.name] ?? ""]));
  const before = kept(id) ?? {};
  for (const each of [...inputs, reason]) {
    put(each, before[each.name] ?? began[each.name] ?? "");
  }
  const said = () => Object.fromEntries([...inputs, reason].map((each) => [each.name, sentOf(each)]));
  form.addEventListener("input", () => keep(id, said()));
  cancel.addEventListener("click", () => {
    forget(id);
    form.remove();
    row.querySelector(".correct").focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (save.disabled) return;
    const differ = Object.entries(said()).filter(([name, value]) => name !== "reason" && value !== began[name]);
    const tube = { ...told.tube, ...Object.fromEntries(differ.map(([name, value]) => [name, value || null])) };
    save.disabled = true;
    measured.textContent = "Is measured.";
    try {
      await ask("PUT", `/api/v1/analyses/${id}/tube`, { json: { tube, reason: said().reason }, version: told.version, key: newKey() });
      forget(id);
      (await renewed(row, run)).querySelector("h3 a").focus();
      changed();
    } catch (error) {
      save.disabled = false;
      measured.textContent = "";
      const again = error instanceof Refused && error.status === 412;
      problem.replaceChildren(problemOf(error, again ? "Leave it, and look at the tube as it is now." : ""));
      if (!(error instanceof Refused)) failed(error);
    }
  });
  row.append(form);
  for (const each of inputs) readBack(each);
  inputs[0].focus();
}
