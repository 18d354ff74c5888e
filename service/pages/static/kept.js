/** What is typed on a page, kept under its address until it is sent: a session may end before. */

const place = (name) => `hladr:${location.pathname}:${name}`;

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
