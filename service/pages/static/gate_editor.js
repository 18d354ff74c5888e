/** The page of gates: what is moved is saved at once as a new version, and never lost on the way. */

import { GatePlot } from "./gate_plot.js";
import { differences } from "./gate_conflict.js";
import { keepOpen } from "./gate_open.js";
import { GateKeeper } from "./gate_keeper.js";
import { GateNumbers } from "./gate_numbers.js";
import { GateTrouble } from "./gate_trouble.js";
import { ask, newKey, Refused, SessionOver, Unreachable } from "./hladr.js";

const AGAIN_AFTER = 5000; // milliseconds, when the service did not answer

class Editor {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.id = place.dataset.analysis;
    this.version = Number(place.dataset.version);
    this.sure = "sure" in place.dataset ? this.version : null; // the signed version that may be changed
    this.numbers = new GateNumbers(place);
    this.trouble = new GateTrouble(document.getElementById("trouble"));
    this.keeper = new GateKeeper(this.id, place.dataset.user);
    this.waiting = []; // changes that are not saved yet, the first one on its way
    this.sending = false;
    const undo = place.dataset.undo.split(",").map(Number);
    const kept = this.keeper.past(this.version);
    this.past = kept?.past ?? undo; // versions whose gates were others, in the order of undo
    this.at = kept?.at ?? undo.length - 1;
    this.drawnByHand = document.getElementById("method").textContent !== "automatic";
    this.plots = [...document.querySelectorAll("[data-gate]")].map(
      (section) => new GatePlot(section, (plot) => this.moved(plot)),
    );
    document.getElementById("help").hidden = false;
    keepOpen(place);
    this.#listen();
    this.#acts();
    this.#restore();
  }

  /** A gate was put where it is to stay. @param {GatePlot} plot */
  moved(plot) {
    const last = this.waiting.at(-1);
    const onItsWay = this.sending && this.waiting.length === 1;
    if (last?.json.gate === plot.gate && !onItsWay) this.waiting.pop();
    this.change({ gate: plot.gate, ...plot.shape.sent() });
  }

  /** Save a change as a new version. @param {object} json @param {number} [at] Of the past, for undo. */
  change(json, at) {
    this.waiting.push({ json, at, key: newKey() });
    this.keeper.keep(this.version, this.waiting);
    this.#mark();
    this.send();
  }

  /** Send what waits, one after the other. */
  async send() {
    if (this.sending || !this.waiting.length) return;
    clearTimeout(this.timer);
    this.sending = true;
    this.#acts();
    try {
      while (this.waiting.length) await this.#first();
      this.trouble.clear();
    } catch (error) {
      await this.#failed(error);
    } finally {
      this.sending = false;
      this.#acts();
      this.#mark();
    }
  }

  async #first() {
    const change = this.waiting[0];
    const path = `/api/v1/analyses/${this.id}/gates/moved`;
    const json = this.sure === this.version ? { ...change.json, sure: true } : change.json;
    const told = await ask("POST", path, { json, version: this.version, key: change.key });
    this.waiting.shift();
    this.version = told.version;
    if (change.at === undefined) {
      this.past = [...this.past.slice(0, this.at + 1), told.version];
      this.at = this.past.length - 1;
    } else {
      this.at = change.at;
    }
    this.keeper.keep(this.version, this.waiting);
    this.keeper.keepPast(this.version, this.past, this.at);
    this.#show(told, change);
  }

  #show(told, change) {
    const gates = new Map(told.gates.map((each) => [each.gate, each]));
    if (this.plots.some((plot) => !gates.has(plot.gate))) return location.reload();
    this.drawnByHand = told.gates_sha256 !== null;
    this.numbers.show(told);
    const moved = this.plots.find((plot) => plot.gate === change.json.gate);
    this.numbers.showBy(moved?.section, told);
    for (const plot of this.plots) {
      const newer = plot.busy || this.#waits(plot);
      if (plot !== moved && !newer) plot.show(gates.get(plot.gate).vertices ?? gates.get(plot.gate).intervals[0]);
      this.numbers.showGate(plot.section, gates.get(plot.gate), { typed: !newer });
      if (!moved || moved.said.below.includes(plot.said.number)) this.#picture(plot);
    }
  }

  #picture(plot) {
    const address = `/samples/${this.id}/versions/${this.version}/density/${plot.said.number}.png`;
    plot.svg.querySelector("image").setAttribute("href", address);
  }

  async #failed(error) {
    if (error instanceof Unreachable) {
      this.trouble.say("Not saved yet.", error.message, [["Try again", () => this.send()]]);
      this.timer = setTimeout(() => this.send(), AGAIN_AFTER);
    } else if (error instanceof SessionOver) {
      this.trouble.signIn("Not saved yet.", "Your session is over. What you drew is kept here; sign in to save it.");
    } else if (error instanceof Refused && error.status === 412) {
      await this.#conflict(error);
    } else if (error instanceof Refused && error.code === "CHANGE_NOT_CONFIRMED") {
      this.#signed();
    } else if (error instanceof Refused && error.status < 500 && error.status !== 429) {
      this.#takeBack(error);
    } else if (error instanceof Refused) {
      this.trouble.say("Not saved yet.", error.message, [["Try again", () => this.send()]]);
    } else throw error;
  }

  /** The service will not have it: the gates are shown as they are. */
  #takeBack(error) {
    this.waiting = [];
    this.keeper.keep(this.version, []);
    const reload = () => location.reload();
    this.trouble.say("Not done, and nothing was changed.", error.message, [["Show the gates as they are", reload]]);
  }

  /** Somebody signed what is changed here: it is changed only by whoever knows. */
  #signed() {
    const sentence =
      "What you drew is kept here and is not saved. Other gates make a new version that nobody has signed. What was released stays as it was until the new version is signed.";
    const leave = () => {
      this.keeper.keep(this.version, []);
      location.reload();
    };
    const allTheSame = () => {
      this.sure = this.version;
      for (const each of this.waiting) each.key = newKey();
      this.send();
    };
    const ways = [["Leave the signed version as it is", leave], ["Save mine as a new version", allTheSame]];
    this.trouble.say("This version was signed in the meantime.", sentence, ways);
  }

  async #conflict(error) {
    let theirs;
    try {
      theirs = await ask("GET", `/samples/${this.id}/gates/newest?seen=${this.version}`);
    } catch {
      theirs = { version: error.problem.current_version, by: "somebody else", at: "", gates: [], moved: [] };
    }
    const when = theirs.at && ` at ${theirs.at}`;
    const sentence = `Version ${theirs.version} was made by ${theirs.by}${when}, while you looked at version ${this.version}. Nothing of theirs was overwritten; what you drew is still here.`;
    const load = () => {
      this.keeper.keep(this.version, []);
      location.reload();
    };
    const onTop = () => {
      this.version = theirs.version;
      this.past = [...this.past, theirs.version];
      this.at = this.past.length - 1;
      for (const each of this.waiting) each.key = newKey();
      this.send();
    };
    const moved = this.plots.filter((plot) => this.#waits(plot));
    const ways = [["Load theirs", load], ["Put mine on top of theirs", onTop]];
    this.trouble.say("Changed in the meantime.", sentence, ways, ...differences(moved, theirs));
  }

  /** What was kept when the session, or the page, ended is offered again. */
  #restore() {
    const kept = this.keeper.kept();
    if (!kept) return;
    this.waiting = kept.waiting;
    for (const { json } of kept.waiting) {
      const plot = this.plots.find((each) => each.gate === json.gate);
      plot?.show(json.vertices ?? json.intervals[0]);
    }
    this.#mark();
    const leave = () => {
      this.keeper.keep(this.version, []);
      location.reload();
    };
    const other = kept.version === this.version ? "" : ` It was drawn on version ${kept.version}; this is version ${this.version}.`;
    const sentence = `What you drew before is still here.${other}`;
    this.trouble.say("Not saved yet.", sentence, [["Save it now", () => this.send()], ["Leave it", leave]]);
  }

  #mark() {
    for (const plot of this.plots) plot.section.classList.toggle("waiting", this.#waits(plot));
  }

  #waits(plot) {
    return this.waiting.some((each) => each.json.gate === plot.gate);
  }

  #acts() {
    const [undo, redo, reset] = document.querySelectorAll("#acts button");
    undo.disabled = this.at < 1;
    redo.disabled = this.at >= this.past.length - 1;
    reset.disabled = !this.drawnByHand;
  }

  #step(by) {
    const at = this.at + by;
    if (this.waiting.length || at < 0 || at >= this.past.length) return;
    this.change({ again: this.past[at] }, at);
  }

  #listen() {
    const [undo, redo, reset] = document.querySelectorAll("#acts button");
    const does = (button, act) =>
      button.addEventListener("click", (event) => {
        event.preventDefault();
        act();
      });
    does(undo, () => this.#step(-1));
    does(redo, () => this.#step(1));
    does(reset, () => this.waiting.length || this.change({ automatic: true }));
    window.addEventListener("online", () => this.send());
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.target.closest("input, textarea")) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) this.#step(-1);
      else if (key === "y" || (key === "z" && event.shiftKey)) this.#step(1);
      else return;
      event.preventDefault();
    });
  }
}

new Editor(document.getElementById("editor"));
