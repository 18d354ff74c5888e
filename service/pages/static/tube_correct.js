/** A tube that was measured, described anew in its row: a new version, with the reason. */

import { Refused, ask, element } from "./hladr.js";
import { readBack, sentOf } from "./read_time.js";
import { pieceOf, problemOf } from "./sending.js";
import { conflictsOf } from "./tube_conflict.js";
import { TubeDraft } from "./tube_draft.js";
import { fieldsOf, put } from "./tube_row.js";

const UNSIGNED = ["open", "no_result"];

/**
 * Open the fields of a tube.
 * @param {HTMLElement} row
 * @param {string} run
 * @param {{failed: (error: Error) => void, changed: () => void}} calls When the session is over; when the tube is
 * another one.
 */
export async function correct(row, run, calls) {
  if (!row.querySelector("form")) await open(row.dataset.id, run, calls);
}

/** @param {Error} [refused] Why a form of this tube that is open was not saved; this one takes its place. */
async function open(id, run, calls, refused) {
  const found = () => document.querySelector(`#tubes [data-id="${id}"]`); // it may be shown anew meanwhile
  try {
    const told = await ask("GET", `/api/v1/analyses/${id}`);
    if (!refused && found().querySelector("form")) return;
    if (String(told.version) !== found().dataset.version) await renewed(found(), run);
    found().querySelector("form")?.remove();
    show(found(), told, run, calls, refused);
  } catch (error) {
    calls.failed(error);
  }
}

/** Replace a row by what the service says of its tube now. */
async function renewed(row, run) {
  const piece = await pieceOf(`/runs/${run}/tubes/${row.dataset.id}`);
  row.replaceWith(piece);
  return piece;
}

function show(row, told, run, calls, refused) {
  const parts = partsOf(told);
  const { fields, reason, problem, form } = parts;
  const inputs = Array.from(fields.querySelectorAll("input"));
  const said = Object.fromEntries(inputs.map((each) => [each.name, told.tube[each.name] ?? ""]));
  const draft = new TubeDraft(told.id, { version: told.version, said });
  for (const each of inputs) put(each, draft.value(each.name));
  reason.value = draft.reason;
  const conflicts = conflictsOf(draft, told, (name) => fields.querySelector(`[name="${name}"]`));
  fields.before(conflicts);
  form.addEventListener("input", ({ target }) => {
    if (target === reason) draft.because(reason.value);
    else if (inputs.includes(target)) draft.type(target.name, sentOf(target));
  });
  parts.cancel.addEventListener("click", () => {
    draft.forget();
    form.remove();
    row.querySelector(".correct").focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!parts.save.disabled) save(row, told, draft, run, calls, parts);
  });
  if (refused) problem.append(problemOf(refused));
  row.append(form);
  for (const each of inputs) readBack(each);
  (conflicts || inputs[0]).focus();
}

async function save(row, told, draft, run, calls, { form, save: button, measured, problem }) {
  const typed = Object.entries(draft.typed).map(([name, value]) => [name, value || null]);
  const json = { tube: { ...told.tube, ...Object.fromEntries(typed) }, reason: draft.reason.trim() };
  lock(form, true); // what is typed from here on would be forgotten with the rest
  button.disabled = true;
  measured.textContent = "Is measured.";
  try {
    await ask("PUT", `/api/v1/analyses/${told.id}/tube`, { json, version: told.version, key: draft.keyFor(json, told.version) });
    draft.forget();
    (await renewed(row, run)).querySelector("h3 a").focus();
    calls.changed();
  } catch (error) {
    lock(form, false);
    button.disabled = false;
    measured.textContent = "";
    if (error instanceof Refused && error.status === 412) return open(told.id, run, calls, error);
    problem.replaceChildren(problemOf(error));
    if (!(error instanceof Refused)) calls.failed(error);
  }
}

/** @param {HTMLFormElement} form @param {boolean} on Whether its words stay as they are. */
function lock(form, on) {
  for (const each of form.querySelectorAll("input")) each[each.type === "radio" ? "disabled" : "readOnly"] = on;
}

/** What a form is made of. */
function partsOf({ id, tube, state }) {
  const fields = fieldsOf(`-${id}`);
  const reason = element("input", { id: `reason-${id}`, name: "reason", required: true, maxlength: "2000" });
  const problem = element("div");
  const save = element("button", { type: "submit" }, "Save");
  const measured = element("span", { role: "status" });
  const cancel = element("button", { type: "button", class: "plain" }, "Leave it");
  const form = element("form", { "aria-label": `Tube of ${tube.subject ?? tube.barcode ?? "nobody named"}` });
  if (!UNSIGNED.includes(state)) {
    const signed = "It was signed: a change makes a new version, to be signed anew.";
    form.append(element("p", { class: "told" }, signed));
  }
  form.append(
    problem, fields,
    element("p", { class: "field" }, element("label", { for: reason.id }, "Why it is corrected"), reason),
    element("p", { class: "actions" }, save, measured, cancel),
  );
  return { fields, reason, problem, save, measured, cancel, form };
}
