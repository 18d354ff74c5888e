/** A run: blood files are dropped, typed of, and measured; rows that were measured can be corrected. */

import { DoneRows } from "./done_rows.js";
import { dropZone } from "./drop_zone.js";
import { keywordsOf, measuredOf, namesIn } from "./fcs.js";
import { nextOf, rowFor, tellApart } from "./file_rows.js";
import { Refused, SessionOver, element, signInAddress } from "./hladr.js";
import { keepFresh } from "./fresh.js";
import { forget, keep, kept } from "./kept.js";
import { isUnread, refuse, sentOf } from "./read_time.js";
import { fillByBarcode } from "./reception.js";
import { pieceOf, problemOf, sendOnce } from "./sending.js";
import { correct } from "./tube_correct.js";
import { TubeQueue } from "./tube_queue.js";
import { TubeRow, put } from "./tube_row.js";

const list = document.getElementById("tubes");
const { run, preparation } = list.dataset;
const naming = list.dataset.naming.split(",");
const unnamed = new Set(list.dataset.unnamed.split(","));
const READY = ["typing", "refused", "lost"];
const rows = [];
const zone = document.getElementById("plain");
const bar = document.getElementById("all");
const overall = document.getElementById("overall");
let leaving = false;

const calls = { analyse: (row) => analyse([row]), again: (row) => analyse([row]), remove, cancel, changed, scanned: fillByBarcode };
const done = new DoneRows(list, run, () => !queue.busy);
const queue = new TubeQueue(measure, (text) => {
  overall.textContent = text;
  document.getElementById("cancel-all").hidden = !queue.waiting.length;
});

document.body.classList.add("scripted");
if (zone) begin();
keepFresh(() => done.refresh());
list.addEventListener("click", (event) => {
  const link = event.target.closest("a.correct");
  if (!link || !zone) return;
  event.preventDefault();
  correct(link.closest("li"), run, { failed, changed: () => done.refresh() });
});

function begin() {
  const field = document.getElementById("file");
  field.required = false;
  field.multiple = true; // the form by itself sends one
  const plain = document.getElementById("plain-fields");
  const inputs = Array.from(plain.querySelectorAll("input")).filter((each) => each.value !== preparation);
  let typed = Object.fromEntries(inputs.map((each) => [each.name, each.value])); // before this script was there
  plain.remove();
  document.getElementById("plain-send").remove();
  zone.querySelector("#common").before(field.closest(".drop"));
  zone.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("analyse-all").addEventListener("click", () => {
    analyse(rows.filter((row) => READY.includes(row.state)));
  });
  document.getElementById("cancel-all").addEventListener("click", () => {
    for (const row of queue.clear()) row.set("typing");
  });
  document.querySelector("form.who")?.addEventListener("submit", () => forget("rows"));
  list.addEventListener("keydown", nextField);
  zone.querySelector("#common").addEventListener("input", () => changed());
  window.addEventListener("beforeunload", (event) => {
    if (rows.length && !leaving) event.preventDefault();
  });
  restore();
  dropZone(field, async (files) => {
    const before = typed, at = document.activeElement;
    typed = {};
    const [taking] = files.map((file, nth) => take(file, nth ? {} : before));
    field.value = "";
    const first = await taking;
    if (document.activeElement === at) first.inputs().find((each) => !each.value)?.focus();
  });
}

/** Take a file: into the row that waits for it, which has its own words, or into a new one with what was typed before. */
async function take(file, before) {
  const { row, isNew } = await rowFor(file, rows, add, changed);
  if (isNew) row.complete({ preparation, ...before });
  keywordsOf(file).then((said) => row.offer(measuredOf(said), namesIn(said, naming, unnamed)), () => {});
  return row;
}

function add(of) {
  const row = new TubeRow({ nth: nextOf(rows, of.name), ...of }, calls);
  rows.push(row);
  list.append(row.element);
  document.getElementById("none")?.remove();
  changed();
  return row;
}

function changed() {
  bar.hidden = !rows.length && !overall.textContent;
  document.getElementById("analyse-all").hidden = !rows.length;
  tellApart(rows);
  zone.querySelector(".drop").classList.toggle("small", list.childElementCount > 0);
  keep("rows", { common: common(), rows: rows.map((row) => row.kept()) });
}

function restore() {
  const before = kept("rows");
  for (const input of zone.querySelectorAll("#common input")) put(input, before?.common[input.name] ?? input.value);
  for (const { of, values, ...known } of before?.rows ?? []) {
    if (!of) continue; // as rows were kept before they knew what their file is
    const row = add({ ...of, file: null });
    Object.assign(row, known); // its key, and what its barcode led to
    row.fill(values);
  }
  changed();
}

/** What is said once for all tubes. */
function common() {
  const inputs = Array.from(zone.querySelectorAll("#common input"));
  return Object.fromEntries(inputs.map((each) => [each.name, sentOf(each)]).filter(([, value]) => value));
}

/** What keeps a row back: the field to look at, and why; null for nothing. */
function doubtful(row) {
  const time = row.inputs().find(isUnread);
  if (time) return [time, "This is no time that can be read. Write it such as 2026-03-14 08:30, or leave it empty."];
  if (row.values().subject || row.values().barcode) return null;
  return [row.input("subject"), "Whose blood is it? Type the subject, or the barcode of the tube."];
}

/** Queue rows as soon as their barcodes are looked up; one that cannot be sent as it is stays, and says why. */
async function analyse(asked) {
  const unread = Array.from(zone.querySelectorAll("#common input")).find(isUnread);
  if (unread) {
    refuse(unread);
    return unread.focus();
  }
  await Promise.all(asked.map(fillByBarcode));
  const wanted = asked.filter((row) => rows.includes(row) && READY.includes(row.state)); // pressed twice, or removed meanwhile
  const known = wanted.filter((row) => !doubtful(row));
  const held = wanted.filter(doubtful);
  for (const row of held) {
    row.problem.replaceChildren(element("p", { class: "problem", role: "alert" }, doubtful(row)[1]));
  }
  if (held.length) doubtful(held[0])[0].focus();
  for (const row of known) row.set("waiting");
  queue.add(known, held);
}

async function measure(row) {
  const said = { ...common(), ...row.values(), calibration_id: run };
  const form = new FormData();
  form.append("file", row.file, row.name);
  for (const [name, value] of Object.entries(said)) form.append(name, value);
  row.abort = new AbortController();
  row.set("sending");
  let made = null;
  try {
    const what = { key: row.keyFor(said), progress: (share) => row.progress(share), signal: row.abort.signal };
    made = await sendOnce("/api/v1/analyses", form, what);
    await finished(row, made.id);
    return true;
  } catch (error) {
    const unheard = error instanceof SessionOver && made === null;
    if (unheard || row.abort.signal.aborted) row.set("typing");
    else if (error instanceof Refused) row.set("refused", problemOf(error));
    else row.set("lost", problemOf(error, "It is sent once more as it was; nothing is stored twice."));
    if (error instanceof SessionOver) failed(error);
    return false;
  }
}

/** Put what the service says of a tube in the place of its row. */
async function finished(row, id) {
  const piece = await pieceOf(`/runs/${run}/tubes/${id}`);
  list.querySelector(`[data-id="${id}"]`)?.remove();
  const focused = row.element.contains(document.activeElement);
  row.element.replaceWith(piece);
  if (focused) piece.querySelector(".go a").focus();
  rows.splice(rows.indexOf(row), 1);
  changed();
  done.refresh();
}

function remove(row) {
  queue.remove(row);
  rows.splice(rows.indexOf(row), 1);
  row.element.remove();
  changed();
}

function cancel(row) {
  if (queue.remove(row)) row.set("typing");
  else row.abort?.abort();
}

/** Say that the session is over; what waits is not tried in vain. */
function failed(error) {
  for (const row of queue.clear()) row.set("typing");
  const place = document.getElementById("over");
  if (!(error instanceof SessionOver)) return place.replaceChildren(problemOf(error));
  const to = element("a", { href: signInAddress() }, "Sign in again");
  to.addEventListener("click", () => {
    leaving = true;
  });
  place.replaceChildren(problemOf(error, to, "; the files are to be dropped again."));
}

/** Enter goes on to the next field, as scanners end what they read by it. */
function nextField(event) {
  if (event.key !== "Enter" || event.target.localName !== "input" || event.target.closest("form")) return;
  event.preventDefault();
  const all = rows.flatMap((row) => row.inputs());
  (all[all.indexOf(event.target) + 1] ?? document.getElementById("analyse-all")).focus();
}
