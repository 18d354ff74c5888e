/** What stays open on a bench is asked for again; beside its time is said why it is old, where it is. */

const EVERY = 30_000; // ms
const SESSION = Number(document.querySelector('meta[name="session-minutes"]')?.content ?? 60); // minutes
const AWAY = Math.min(15, SESSION / 2) * 60_000; // ms without a hand on it, after which it would only keep a session alive

/** @param {string} text What is said beside the time of what is shown. */
function say(text) {
  const note = document.querySelector("#as-of");
  note.querySelector("[data-said]")?.remove();
  if (!text) return;
  const said = document.createElement("strong");
  said.dataset.said = "";
  said.textContent = ` ${text}`;
  note.append(said);
}

/**
 * Ask again every half minute, and as soon as somebody comes back.
 * @param {() => Promise<string>} again Puts what is new in its place; what is said where it could not, or nothing.
 */
export function keepFresh(again) {
  let touched = Date.now();
  let asking = false;

  async function refresh() {
    if (asking || document.hidden) return;
    if (Date.now() - touched > AWAY) return say("Not refreshed while nobody is here.");
    if (!getSelection().isCollapsed) return say("Not refreshed while text is marked.");
    asking = true;
    try {
      say(await again());
    } finally {
      asking = false;
    }
  }

  /** Somebody is here; a list that was left alone is asked for again. */
  function here() {
    const away = Date.now() - touched > AWAY;
    touched = Date.now();
    if (away) refresh();
  }

  for (const each of ["pointerdown", "keydown"]) addEventListener(each, here);
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, EVERY);
}

export const OVER = "Your session is over. Sign in again.";
export const SILENT = "Not refreshed: the service does not answer.";
export const REFUSED = "It could not be refreshed.";
