/** Which row a file belongs to: a row keeps what its file is, and takes no other one. */

const PIECE = 8 << 20; // bytes that are in memory at once
let turn = Promise.resolve(); // one file after the other

/**
 * A digest of all bytes of a file, of the digests of its pieces.
 * @param {Blob} file
 * @returns {Promise<string>} Empty where the browser makes none, as without HTTPS, or cannot read the file.
 */
async function markOf(file) {
  if (!globalThis.crypto?.subtle) return "";
  try {
    const pieces = [];
    for (let at = 0; at < file.size; at += PIECE) pieces.push(await digest(file.slice(at, at + PIECE)));
    const whole = new Uint8Array(await digest(new Blob(pieces)));
    return Array.from(whole, (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return "";
  }
}

const digest = async (blob) => crypto.subtle.digest("SHA-256", await blob.arrayBuffer());

/** The rows that wait for a file of this name. */
const waitingFor = (rows, name) => rows.filter((row) => row.state === "fileless" && row.name === name);

/**
 * Find the row that waits for just this file, or make a new one; what is in doubt is a new one.
 * @param {File} file
 * @param {import("./tube_row.js").TubeRow[]} rows Those there are; they change meanwhile.
 * @param {(of: object) => import("./tube_row.js").TubeRow} add Makes a row.
 * @param {(row: import("./tube_row.js").TubeRow) => void} marked Called when a new row knows what its file is.
 * @returns {Promise<{row: import("./tube_row.js").TubeRow, isNew: boolean}>}
 */
export async function rowFor(file, rows, add, marked) {
  const waiting = waitingFor(rows, file.name);
  const marking = (turn = turn.then(() => markOf(file)));
  if (waiting.length) {
    for (const row of waiting) row.told.textContent = "It is looked whether this is its file.";
    await marking;
    for (const row of waitingFor(rows, file.name)) row.set("fileless");
    const row = theirs(file, await marking, waitingFor(rows, file.name));
    if (row) {
      row.file = file;
      row.set("typing");
      return { row, isNew: false };
    }
  }
  const row = add({ name: file.name, size: file.size, modified: file.lastModified, file });
  marking.then((mark) => {
    row.mark = mark;
    marked(row);
  });
  return { row, isNew: true };
}

/** The one of the waiting rows whose file this is; none where it cannot be known. */
function theirs(file, mark, waiting) {
  const found = waiting.find((row) => mark && row.mark === mark);
  if (found) return found;
  const [only, ...more] = waiting;
  const alike = only && only.size === file.size && only.modified === file.lastModified;
  return alike && !more.length && !(mark && only.mark) ? only : null;
}

/** @param {import("./tube_row.js").TubeRow[]} rows @param {string} name @returns {number} Of one more row of this name. */
export const nextOf = (rows, name) => 1 + Math.max(0, ...rows.filter((row) => row.name === name).map((row) => row.nth));

/**
 * Say in each row with a file which rows of the same name wait for another one.
 * @param {import("./tube_row.js").TubeRow[]} rows
 */
export function tellApart(rows) {
  for (const row of rows) {
    const others = row.state === "fileless" ? [] : waitingFor(rows, row.name);
    const named = others.map((each) => {
      const { subject, barcode } = each.values();
      return [each.shown, (subject ?? barcode) && `of ${subject ?? barcode}`].filter(Boolean).join(" ");
    });
    row.tellOthers(named.length ? `Another file of this name is waited for, not this one: ${named.join("; ")}.` : "");
  }
}
