/** What was noted of a tube when it came, found by its barcode. */

import { ask } from "./hladr.js";

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;
const TYPED = ["subject", "drawn_at", "tube_type"];
const BESIDE = ["study", "site", "visit", "received_at"];

/**
 * Fill the fields of a row that are empty, once its barcode is known; what is typed stays.
 * @param {import("./tube_row.js").TubeRow} row
 */
export async function fillByBarcode(row) {
  const barcode = row.input("barcode").value.trim();
  if (barcode === row.looked) return;
  row.looked = barcode;
  row.beside = {};
  if (!barcode) return row.remark("");
  let found;
  try {
    ({ receptions: found } = await ask("GET", `/api/v1/receptions?state=open&barcode=${encodeURIComponent(barcode)}`));
  } catch {
    row.looked = null; // it can be typed
    return;
  }
  if (row.input("barcode").value.trim() !== barcode || row.input("barcode").readOnly) return;
  if (found.length !== 1) return row.remark(found.length ? "Several tubes of this barcode wait." : "No tube of this barcode waits.");
  const [tube] = found;
  for (const name of TYPED) {
    const field = row.input(name);
    if (!tube[name] || field.value) continue;
    if (field.type === "datetime-local" && !LOCAL.test(tube[name])) field.type = "text";
    field.value = tube[name];
  }
  row.beside = Object.fromEntries(BESIDE.map((name) => [name, tube[name]]).filter(([, value]) => value));
  const more = ["site", "visit"].filter((name) => tube[name]).map((name) => `${name} ${tube[name]}`);
  row.remark(["As it was noted when it came", ...more].join(", ") + ".");
}
