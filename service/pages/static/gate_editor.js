/** The page of gates: what is moved is saved at once as a new version, and never lost on the way. */

import { GatePlot } from "./gate_plot.js";
import { differences, drawTheirs, faster, newestOf } from "./gate_conflict.js";
import { GateEvents } from "./gate_events.js";
import { keepOpen } from "./gate_open.js";
import { GateKeeper } from "./gate_keeper.js";
import { GateNumbers } from "./gate_numbers.js";
import { GateSteps } from "./gate_steps.js";
import { GateTrouble, isFinal, signed } from "./gate_trouble.js";
import { ask, newKey, Refused, SessionOver, Unreachable } from "./hladr.js";

const AGAIN_AFTER = 5000; // milliseconds, when the service did not answer

class Editor {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.id = place.dataset.analysis;
    this.version = Number(place.dataset.version);
    this.sure = "sure" in place.dataset ? this.version : null; // the signed version that may be changed
    this.numbers = new GateNumbers(place);
    this.events = new GateEvents(() => this.#isBehind());
    this.trouble = new GateTrouble(document.getElementById("trouble"));
    this.keeper = new GateKeeper(this.id, place.dataset.user);
    this.waiting = []; // changes that are not saved yet, the first one on its way
    this.sending = false;
    this.late = false; // whether the page shows a newer version than what waits was drawn on
    const way = this.keeper.past(this.version, place.dataset.undo.split(",").map(Number));
    this.steps = new GateSteps(way, { step: (by) => this.#step(by), reset: () => this.#reset() });
    this.drawnByHand = document.getElementById("method").textContent !== "automatic";
    const told = { moving: () => this.#moving(), moved: (plot) => this.#queue(this.#with(this.waiting, plot)) };
    this.plots = [...document.querySelectorAll("[data-gate]")].map((section) => new GatePlot(section, told));
    document.getElementById("help").hidden = false;
    keepOpen(place);
    window.addEventListener("online", () => this.send());
    window.addEventListener("pagehide", () => this.#settle());
    window.addEventListener("beforeunload", (event) => this.#isBehind() && !this.trouble.left && event.preventDefault());
    this.#mark();
    this.#restore();
  }

  /** What waits, and a gate as it is drawn now; of one gate what was not sent yet is sent once. */
  #with(waiting, plot) {
    const last = waiting.at(-1);
    const onItsWay = this.sending && waiting.length === 1;
    const before = last?.json.gate === plot.gate && !onItsWay ? waiting.slice(0, -1) : waiting;
    return [...before, { json: { gate: plot.gate, ...plot.shape.sent() }, key: newKey() }];
  }

  /** What waits is kept and told of; it is sent when keys move no more. */
  #moving() {
    this.#keep();
    this.#mark();
  }

  #queue(waiting) {
    this.waiting = waiting;
    this.#moving();
    this.send();
  }

  /** What keys have moved is where it is to stay. @returns {boolean} Whether there was any. */
  #settle() {
    return this.plots.filter((plot) => plot.settle()).length > 0;
  }

  #keep() {
    const drawn = this.plots.filter((plot) => plot.busy);
    this.keeper.keep(this.version, drawn.reduce((waiting, plot) => this.#with(waiting, plot), this.waiting));
  }

  /** Send what waits, one after the other. */
  async send() {
    if (this.sending || !this.waiting.length) return;
    clearTimeout(this.timer);
    this.sending = true;
    this.#mark();
    let refused = false;
    try {
      while (this.waiting.length && !this.trouble.left) refused = !(await this.#first()) || refused;
      if (!refused) this.trouble.clear();
      drawTheirs(this.plots, []);
    } catch (error) {
      await this.#failed(error);
    } finally {
      this.sending = false;
      this.#mark();
    }
  }

  /** @returns {Promise<boolean>} Whether the first that waits was done; one that was refused is taken out. */
  async #first() {
    const change = this.waiting[0];
    change.sure ??= this.sure === this.version; // what is sent again by its key is sent as it was
    this.#keep();
    let told;
    try {
      const json = change.sure ? { ...change.json, sure: true } : change.json;
      told = await ask("POST", `/api/v1/analyses/${this.id}/gates/moved`, { json, version: this.version, key: change.key });
    } catch (error) {
      if (!isFinal(error)) throw error;
      this.#takeBack(error);
      return false;
    }
    this.waiting = this.waiting.slice(1);
    this.version = told.version;
    this.#keep();
    if (this.late) return this.#reload(); // it had been saved: the page shows what came of it
    if (change.at === undefined) this.steps.made(told.version);
    else this.steps.at = change.at;
    this.keeper.keepPast(this.version, this.steps.past, this.steps.at);
    this.#show(told, change);
    return true;
  }

  #show(told, change) {
    const gates = new Map(told.gates.map((each) => [each.gate, each]));
    if (this.plots.some((plot) => !gates.has(plot.gate))) return this.#reload();
    this.drawnByHand = told.gates_sha256 !== null;
    this.numbers.show(told);
    const moved = this.#plotOf(change.json);
    this.numbers.showBy(moved?.section, told);
    for (const plot of this.plots) {
      const newer = plot.busy || this.#waits(plot);
      plot.stored = gates.get(plot.gate).vertices ?? gates.get(plot.gate).intervals[0];
      if (plot !== moved && !newer) plot.show(plot.stored);
      this.numbers.showGate(plot.section, gates.get(plot.gate), { typed: !newer });
    }
    this.events.saved(this.plots, moved, `/samples/${this.id}/versions/${this.version}`);
  }

  async #failed(error) {
    if (error instanceof SessionOver) {
      this.trouble.signIn("Not saved yet.", "Your session is over. What you drew is kept here; sign in to save it.");
    } else if (error instanceof Refused && error.status === 412) {
      await this.#conflict(error);
    } else if (error instanceof Refused && error.code === "CHANGE_NOT_CONFIRMED") {
      this.#signed(error);
    } else if (error instanceof Refused || error instanceof Unreachable) {
      const sentence = error.code === "STILL_RUNNING" ? "The service is still at it, and is asked again." : error.message;
      this.trouble.say("Not saved yet.", sentence, [["Try again", () => this.send()]]);
      this.timer = setTimeout(() => this.send(), AGAIN_AFTER);
    } else throw error;
  }

  /** The service will not have the first that waits: its gate is shown as it is, and what else waits is sent. */
  #takeBack(error) {
    const [{ json }, ...others] = this.waiting;
    this.waiting = others[0]?.json.again ? others.slice(1) : others; // it would have been undone
    this.#keep();
    const plot = this.#plotOf(json);
    if (plot && !plot.busy && !this.#waits(plot)) plot.show(plot.stored);
    const title = plot ? `Not done; ${plot.title} is as it was.` : "Not done, and nothing was changed.";
    this.trouble.say(title, error.message, [["Close", () => this.trouble.clear()]]);
  }

  /** Somebody signed what is changed here: it is changed only by whoever knows. */
  #signed(error) {
    const allTheSame = () => {
      this.sure = this.version;
      this.#sendAnew();
    };
    const ways = [["Leave the signed version as it is", () => this.#leave()], ["Save mine as a new version", allTheSame]];
    this.trouble.say("This version was signed in the meantime.", signed(error.problem), ways);
  }

  async #conflict(error) {
    const theirs = await newestOf(this.id, this.version, error.problem);
    const onTop = () => {
      this.version = theirs.version;
      this.late = false;
      this.steps.made(theirs.version);
      this.#sendAnew();
    };
    const tables = differences(this.plots, this.waiting.map(({ json }) => json), theirs);
    const ways = [["Load theirs", () => this.#leave()], ["Put mine on top of theirs", onTop]];
    this.trouble.say("Changed in the meantime.", faster(theirs, this.version), ways, ...tables);
    drawTheirs(this.plots, theirs.gates);
  }

  /** What was kept when the session, or the page, ended is offered again. */
  #restore() {
    const kept = this.keeper.kept();
    if (!kept) return;
    this.waiting = kept.waiting;
    for (const { json } of kept.waiting) this.#plotOf(json)?.show(json.vertices ?? json.intervals[0]);
    this.#mark();
    if (kept.version !== this.version) {
      // Sent again as it was: either it had been saved and is answered for once more, or others were faster.
      this.late = true;
      this.version = kept.version;
      return this.send();
    }
    const ways = [["Save it now", () => this.send()], ["Leave it", () => this.#leave()]];
    this.trouble.say("Not saved yet.", "What you drew before is still here.", ways);
  }

  /** Whoever sends it knows more than when it was drawn. */
  #sendAnew() {
    this.waiting = this.waiting.map(({ json, at }) => ({ json, at, key: newKey() }));
    this.send();
  }

  /** Forget what waits, and show the gates as they are. */
  #leave() {
    this.waiting = [];
    this.keeper.keep(this.version, []);
    this.#reload();
  }

  #reload() {
    this.trouble.left = true;
    location.reload();
  }

  #mark() {
    const waiting = this.waiting.length > 0;
    this.steps.show({ drawnByHand: this.drawnByHand, drawing: this.plots.some((plot) => plot.busy), waiting });
    this.numbers.showBehind(this.plots, this.waiting, this.sending);
  }

  #isBehind() {
    return this.waiting.length > 0 || this.plots.some((plot) => plot.busy);
  }

  #plotOf({ gate }) {
    return this.plots.find((each) => each.gate === gate);
  }

  #waits(plot) {
    return this.waiting.some((each) => each.json.gate === plot.gate);
  }

  #step(by) {
    if (this.waiting.length) return;
    const moved = this.#settle(); // a version more, once it is saved
    const at = this.steps.at + by + (moved ? 1 : 0);
    if (!(at in this.steps.past) || (moved && by > 0)) return;
    this.#queue([...this.waiting, { json: { again: this.steps.past[at] }, at, key: newKey() }]);
  }

  #reset() {
    if (this.waiting.length) return;
    this.#settle();
    this.#queue([...this.waiting, { json: { automatic: true }, key: newKey() }]);
  }
}

new Editor(document.getElementById("editor"));
