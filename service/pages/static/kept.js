/** What somebody types on a page, kept under its address until it is sent: a session may end before. */

const EVERYBODY = "hladr:";
const user = document.querySelector('meta[name="user"]')?.content ?? "";
const own = `${EVERYBODY}${encodeURIComponent(user)}:`;
const place = (name) => `${own}${location.pathname}:${name}`;

dropOthers();

/** Whoever signs in at this tab after somebody else is not shown what that one typed. */
function dropOthers() {
  try {
    const known = Object.keys(sessionStorage);
    for (const key of known) if (key.startsWith(EVERYBODY) && !key.startsWith(own)) sessionStorage.removeItem(key);
  } catch {
    // nothing is kept
  }
}

/**
 * Keep something until the tab is closed; a browser that keeps nothing is no fault.
 * @param {string} name
 * @param {unknown} value
 */
export function keep(name, value) {
  try {
    sessionStorage.setItem(place(name), JSON.stringify(value));
  } catch {
    // full, or switched off
  }
}

/**
 * @param {string} name
 * @returns {any} What was kept; null for nothing.
 */
export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(place(name)) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} name */
export function forget(name) {
  try {
    sessionStorage.removeItem(place(name));
  } catch {
    // nothing was kept
  }
}
