/** What an FCS file says of itself: its first TEXT segment, read before it is sent. */

const HEADER = 58;
const LONGEST = 1 << 20;

/**
 * The keywords of a file, by their names in capitals.
 * @param {Blob} file
 * @returns {Promise<Map<string, string>>} Empty where it is no FCS file, or one this cannot read.
 */
export async function keywordsOf(file) {
  const head = latin(await file.slice(0, HEADER).arrayBuffer());
  const first = Number(head.slice(10, 18)), last = Number(head.slice(18, 26));
  const readable = /^FCS[23]\.\d/.test(head) && first >= HEADER && last > first && last - first < LONGEST;
  if (!readable || last >= file.size) return new Map();
  return parsed(decoded(await file.slice(first, last + 1).arrayBuffer()));
}

/** Texts between delimiters, by turns a name and a value; a doubled delimiter is one sign. */
function parsed(text) {
  const delimiter = text[0], parts = [];
  let part = "";
  for (let i = 1; i < text.length; i += 1) {
    if (text[i] !== delimiter) part += text[i];
    else if (text[i + 1] === delimiter && part) {
      part += delimiter;
      i += 1;
    } else {
      parts.push(part);
      part = "";
    }
  }
  const found = new Map();
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const name = parts[i].trim().toUpperCase();
    if (!found.has(name)) found.set(name, parts[i + 1].trim());
  }
  return found;
}

const latin = (bytes) => new TextDecoder("latin1").decode(bytes);

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return latin(bytes);
  }
}

/**
 * What a file says about whose blood it is.
 * @param {Map<string, string>} keywords
 * @param {string[]} naming Keywords that name a specimen.
 * @param {Set<string>} unnamed Words that stand there without naming anybody.
 * @returns {{keyword: string, name: string}[]}
 */
export function namesIn(keywords, naming, unnamed) {
  const found = naming
    .map((keyword) => ({ keyword, name: shown(keywords.get(keyword) ?? "") }))
    .filter(({ name }) => !unnamed.has(bare(name)));
  return found.filter(({ name }, i) => found.findIndex((each) => each.name === name) === i);
}

/** A name without the number behind it; a number is a name. */
function bare(name) {
  const plain = name.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return /^\d+$/.test(plain) ? plain : plain.replace(/\d+$/, "");
}

/**
 * When a file was measured, and on what, in words.
 * @param {Map<string, string>} keywords
 * @returns {string}
 */
export function measuredOf(keywords) {
  const when = [keywords.get("$DATE"), keywords.get("$BTIM")?.slice(0, 5)].filter(Boolean).join(" ");
  const said = [when && `measured ${when}`, keywords.get("$CYT") && `on ${keywords.get("$CYT")}`];
  return shown(said.filter(Boolean).join(" "));
}

/** Signs that can be seen, and not too many of them. */
const shown = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "").slice(0, 80);
