/** What every page's script uses: asking the service, and what it says when it cannot. */

/** @returns {string} What every change sends along, so that no other site can send one. */
const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

/** Milliseconds that an answer may take. */
export const LONGEST = 30_000;
const STALLED = 120_000; // milliseconds in which nothing more of a file leaves, or no answer to it comes

/** The service refused; `problem` is what it said, of which `bench` is the sentence for whoever works with a page. */
export class Refused extends Error {
  /** @param {number} status @param {{code: string, detail: string, bench?: string}} problem */
  constructor(status, problem) {
    super(problem.bench ?? problem.detail);
    this.status = status;
    this.code = problem.code;
    this.problem = problem;
  }
}

/** The service did not answer: the line, or the service, is down. */
export class Unreachable extends Error {
  constructor() {
    super("The service does not answer. What you did is kept here; it is sent again when you try again.");
  }
}

/** The session is over; what was being done is kept by whoever calls. */
export class SessionOver extends Error {
  constructor() {
    super("Your session is over. Sign in again; what you did is kept.");
  }
}

/**
 * Where to sign in and come back from.
 * @param {string} [to] The page to come back to; this one if it is left out.
 * @returns {string}
 */
export const signInAddress = (to = location.pathname + location.search) =>
  `/sign-in?next=${encodeURIComponent(to)}`;

/**
 * Ask the service for something.
 * @param {string} method
 * @param {string} path
 * @param {{json?: unknown, form?: FormData, version?: number, key?: string}} [what]
 * @returns {Promise<any>} What it answers.
 * @throws {Refused|Unreachable|SessionOver}
 */
export async function ask(method, path, { json, form, version, key } = {}) {
  const headers = { "X-CSRF-Token": csrf(), Accept: "application/json" };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  if (key !== undefined) headers["Idempotency-Key"] = key;
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  let status, text;
  try {
    const answer = await fetch(path, { method, headers, body, signal: AbortSignal.timeout(LONGEST) });
    [status, text] = [answer.status, await answer.text()];
  } catch {
    throw new Unreachable();
  }
  return read(status, text);
}

/**
 * What an answer says.
 * @param {number} status
 * @param {string} text
 * @returns {any}
 * @throws {Refused|SessionOver}
 */
export function read(status, text) {
  const said = text ? parsed(text) : null;
  if (status === 401 && said?.code === "NOT_SIGNED_IN") throw new SessionOver();
  if (status === 403 && said?.code === "REQUEST_FORGED") throw new SessionOver();
  if (status >= 400) throw new Refused(status, said ?? { code: "UNREADABLE", detail: `The service answered ${status}.` });
  return said;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Send a form with files, and say how much of it has left.
 * @param {string} path
 * @param {FormData} form
 * @param {{key?: string, progress?: (share: number) => void, signal?: AbortSignal}} [what]
 * @returns {Promise<any>}
 * @throws {Refused|Unreachable|SessionOver}
 */
export function upload(path, form, { key, progress, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("X-CSRF-Token", csrf());
    if (key !== undefined) request.setRequestHeader("Idempotency-Key", key);
    let stalled;
    const moves = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED);
    };
    request.upload.onprogress = (event) => {
      moves();
      if (event.lengthComputable) progress?.(event.loaded / event.total);
    };
    request.onloadend = () => clearTimeout(stalled);
    request.onload = () => {
      try {
        resolve(read(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = request.ontimeout = request.onabort = () => reject(new Unreachable());
    signal?.addEventListener("abort", () => request.abort());
    moves();
    request.send(form);
  });
}

/** @returns {string} A new Idempotency-Key: what is sent twice is done once. */
export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * An element of the page, made by name; texts are never read as HTML.
 * @param {string} name
 * @param {Record<string, string|boolean>} [attributes]
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}
