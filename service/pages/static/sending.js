/** Files on their way: a line that breaks, a session that is over, a service that is busy. */

import { LONGEST, Refused, SessionOver, Unreachable, ask, upload } from "./hladr.js";

const BUSY = new Set(["STILL_RUNNING", "TOO_BUSY", "TOO_MANY_REQUESTS", "DATABASE_UNAVAILABLE"]);
const PATIENCE = 20; // times
const BETWEEN = 1500; // milliseconds

/**
 * Send a form with a file, once for its key: what was lost on the way back is told again.
 * @param {string} path
 * @param {FormData} form
 * @param {{key: string, progress?: (share: number) => void, signal?: AbortSignal}} what
 * @returns {Promise<any>}
 * @throws {Refused|Unreachable|SessionOver}
 */
export async function sendOnce(path, form, what) {
  for (let times = 1; ; times += 1) {
    try {
      return await upload(path, form, what);
    } catch (error) {
      if (error instanceof Unreachable && !what.signal?.aborted) await signedIn();
      if (!(error instanceof Refused && BUSY.has(error.code)) || times >= PATIENCE) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
}

/** A service that refuses whoever is not signed in may close the line before a file has come. */
async function signedIn() {
  try {
    await ask("GET", "/api/v1/session");
  } catch (error) {
    if (error instanceof SessionOver) throw error;
  }
}

/**
 * A piece of a page, as the service writes it.
 * @param {string} path
 * @returns {Promise<Element>}
 * @throws {Unreachable|SessionOver}
 */
export async function pieceOf(path) {
  let answer, text;
  try {
    answer = await fetch(path, { signal: AbortSignal.timeout(LONGEST) });
    text = await answer.text();
  } catch {
    throw new Unreachable();
  }
  if (answer.redirected || answer.status === 401) throw new SessionOver();
  if (!answer.ok) throw new Refused(answer.status, { code: "UNREADABLE", detail: `The service answered ${answer.status}.` });
  const holder = document.createElement("template");
  holder.innerHTML = text;
  return holder.content.firstElementChild;
}

/**
 * What is wrong, as an element: a sentence, a code, and more of our own.
 * @param {Error} error
 * @param {...(Node|string)} more
 * @returns {HTMLElement}
 */
export function problemOf(error, ...more) {
  const said = document.createElement("p");
  said.className = "problem";
  said.setAttribute("role", "alert");
  const strong = document.createElement("strong");
  strong.textContent = "Not done. ";
  // What begins with the name of a file begins as that does.
  said.append(strong, error.message.replace(/^\p{Ll}+(?= )/u, (word) => word[0].toUpperCase() + word.slice(1)), " ");
  if (error instanceof Refused) {
    const code = document.createElement("code");
    code.textContent = error.code;
    said.append(code, " ");
  }
  said.append(...more);
  return said;
}
