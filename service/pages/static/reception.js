/** What was noted of a tube when it came, found by its barcode. */

import { ask, element } from "./hladr.js";
import { put } from "./tube_row.js";

const TYPED = ["subject", "drawn_at", "tube_type"];
const BESIDE = ["study", "site", "visit", "received_at"];

/**
 * Fill the fields of a row that are empty, once its barcode is known; what is typed stays, and what
 * was filled by the barcode before goes with that.
 * @param {import("./tube_row.js").TubeRow} row
 * @returns {Promise<void>} When it is filled, or nobody can tell.
 */
export function fillByBarcode(row) {
  const field = row.input("barcode");
  const barcode = field.value.trim();
  if (barcode === row.looked || field.readOnly) return row.looking;
  row.looked = barcode;
  empty(row);
  row.remark("");
  row.looking = barcode ? lookUp(row, barcode) : Promise.resolve();
  return row.looking;
}

async function lookUp(row, barcode) {
  let found;
  try {
    ({ receptions: found } = await ask("GET", `/api/v1/receptions?state=open&barcode=${encodeURIComponent(barcode)}`));
  } catch {
    if (row.looked === barcode) row.looked = null; // it can be typed
    return;
  }
  if (row.looked !== barcode || row.input("barcode").readOnly) return;
  if (!found.length) row.remark("No tube of this barcode waits.");
  else if (found.length === 1) take(row, found[0]);
  else choose(row, found);
}

/** Say that tubes of several sites wait, and let somebody say which it is. */
function choose(row, found) {
  const buttons = found.map((tube) => {
    const { site, subject } = tube;
    const words = [site ? `Of ${site}` : "Of no site", subject].filter(Boolean).join(", ");
    const use = element("button", { type: "button", class: "plain" }, words);
    use.addEventListener("click", () => {
      if (row.input("barcode").readOnly) return;
      take(row, tube);
      row.input("barcode").focus();
    });
    return use;
  });
  row.remark("Tubes of several sites wait with this barcode. Which one is it? ", ...buttons);
}

/** Fill a row with what was noted of a tube. */
function take(row, tube) {
  for (const name of TYPED) {
    const field = row.input(name);
    if (!tube[name] || field.value) continue;
    put(field, tube[name]);
    row.filled[name] = field.value;
  }
  row.beside = Object.fromEntries(BESIDE.map((name) => [name, tube[name]]).filter(([, value]) => value));
  const more = ["site", "visit"].filter((name) => tube[name]).map((name) => `${name} ${tube[name]}`);
  row.remark(["As it was noted when it came", ...more].join(", ") + ".");
}

/** Take out what another barcode filled in, unless somebody has typed over it. */
function empty(row) {
  for (const [name, value] of Object.entries(row.filled)) {
    const field = row.input(name);
    if (field.value === value) put(field, "");
  }
  Object.assign(row, { filled: {}, beside: {} });
}
