/** A gate that can be moved by hand: handles over its plot, for a pointer and for keys. */

import { GateAxis } from "./gate_axis.js";
import { drawn, handlesOf } from "./gate_handles.js";
import { Polygon } from "./gate_shape.js";
import { Range, Wedge } from "./gate_range.js";

const [STEP, FAR] = [2, 12]; // of an arrow key, on the picture
const STILL = 3; // a pointer that moves less was clicked
const PAUSE = 450; // milliseconds after the last key
const TARGET = 26; // pixels on the screen
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** One gate on the page. */
export class GatePlot {
  /**
   * @param {HTMLElement} section With `data-gate`.
   * @param {{moving: (plot: GatePlot) => void, moved: (plot: GatePlot) => void}} told When a key has moved the gate
   * and may move it further, and when it is where it is to stay.
   */
  constructor(section, told) {
    this.section = section;
    this.told = told;
    this.said = JSON.parse(section.dataset.gate);
    this.svg = section.querySelector(".gate-figure svg");
    this.group = this.svg.querySelector(".handles");
    const [left, top, right, bottom] = this.said.box;
    this.x = new GateAxis(this.said.x, left, right);
    this.y = new GateAxis(this.said.y, bottom, top);
    this.now = 0; // the vertex that keys move
    this.picked = false; // whether the next click is where it goes
    this.stored = this.said.vertices ?? this.said.ends; // as the service has it
    this.show(this.stored);
    this.svg.addEventListener("pointerdown", (event) => this.#down(event));
    this.svg.addEventListener("keydown", (event) => this.#key(event));
    const figure = this.svg.parentElement; // an SVG that listens for the focus would take it itself
    figure.addEventListener("focusin", (event) => this.#focused(event.target));
    figure.addEventListener("focusout", (event) => this.#left(event.relatedTarget));
    new ResizeObserver(() => this.draw()).observe(this.svg);
  }

  /** @returns {string} */
  get gate() {
    return this.said.gate;
  }

  /** Show other numbers. @param {number[][]|(number|null)[]} numbers */
  show(numbers) {
    this.shape = this.shaped(numbers);
    this.now = Math.min(this.now, this.shape.handles().length - 1);
    this.draw();
  }

  /** @returns {string} What stands above it. */
  get title() {
    return this.section.querySelector("h2").textContent;
  }

  /** @returns {string} What its numbers are. */
  get axes() {
    return [...this.svg.querySelectorAll("text.axis")].map((each) => each.textContent).join(", ");
  }

  /** The shape of the gate by other numbers. @param {number[][]|(number|null)[]} numbers */
  shaped(numbers) {
    const { vertices, ratio } = this.said;
    if (vertices) return new Polygon(numbers, this.x, this.y);
    return ratio ? new Wedge(numbers, this.x, this.y, ratio) : new Range(numbers, this.x, this.y);
  }

  /** Draw outline and handles anew; what had the focus has it still. */
  draw() {
    this.drawing = true;
    const focused = this.group.contains(document.activeElement);
    for (const path of this.svg.querySelectorAll("path.halo, path.gate")) path.setAttribute("d", this.shape.path());
    this.section.querySelector(".crossing").hidden = !this.shape.crosses();
    const { shape, now, picked } = this;
    this.group.replaceChildren(...handlesOf(shape, this.#middles(), { now, picked, hold: (TARGET / 2) * this.#unit() }));
    this.svg.classList.toggle("placing", this.picked);
    if (focused) this.#focus();
    this.drawing = false;
  }

  /** Draw the same gate as somebody else has it, beside this one; null draws none. @param {number[][]|(number|null)[]|null} numbers */
  drawTheirs(numbers) {
    this.svg.querySelector("path.theirs")?.remove();
    const path = numbers && this.shaped(numbers).path();
    if (path && path !== this.shape.path()) this.group.before(drawn("path", { d: path, class: "theirs" }));
  }

  #focus() {
    this.group.querySelectorAll(".handle")[this.now]?.focus({ preventScroll: true });
  }

  /** Whatever brought the focus to a vertex: keys move that one. */
  #focused(target) {
    const handles = [...this.group.querySelectorAll(".handle")];
    const place = handles.indexOf(target);
    if (place < 0 || place === this.now) return;
    this.now = place;
    this.picked = false;
    handles.forEach((each, at) => each.setAttribute("tabindex", at === place ? 0 : -1));
  }

  /** The focus went elsewhere: the gate stays as it is; by a button of undo it may not. */
  #left(to) {
    if (!this.drawing && !this.svg.contains(to) && !to?.closest("#acts")) this.settle();
  }

  #place(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const [left, top, right, bottom] = this.said.box;
    return [Math.min(right, Math.max(left, at.x)), Math.min(bottom, Math.max(top, at.y))];
  }

  /**
   * What a pointer takes hold of: the nearest vertex, or the middle of an edge with no vertex by it.
   * @returns {{at: number, added: boolean}|null}
   */
  #held(event) {
    const from = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const nearest = (places) =>
      places
        .map(({ at, x, y }) => ({ at, far: Math.hypot(x - from.x, y - from.y) / this.#unit() }))
        .reduce((best, each) => (each.far < best.far ? each : best), { at: -1, far: Infinity });
    const vertex = nearest(this.shape.handles());
    const middle = nearest(this.#middles());
    if (middle.far <= TARGET / 4 && middle.far < vertex.far && vertex.far > TARGET / 4) return { at: middle.at, added: true };
    return vertex.far <= TARGET / 2 ? { at: vertex.at, added: false } : null;
  }

  /** Middles of the edges that have room for one. */
  #middles() {
    const ends = this.shape.handles();
    return this.shape.middles().filter(({ at, x, y }) => {
      const { x: a, y: b } = ends[at - 1];
      return Math.hypot(a - x, b - y) / this.#unit() >= TARGET / 2;
    });
  }

  /** @returns {number} How much of the picture's own measure a pixel of the screen is. */
  #unit() {
    return this.svg.viewBox.baseVal.width / (this.svg.clientWidth || 420);
  }

  #take(at, picked) {
    this.now = this.shape.handles().findIndex((each) => each.at === at);
    this.picked = picked;
    this.draw();
    this.#focus();
  }

  #down(event) {
    if (event.button !== 0) return;
    const held = this.#held(event);
    if (held) {
      event.preventDefault();
      const again = !held.added && this.picked && this.shape.handles()[this.now]?.at === held.at;
      const at = held.added ? this.shape.insert(held.at) : held.at;
      this.#take(at, false);
      this.#follow(event, at, !again, held.added);
    } else if (this.picked) {
      event.preventDefault();
      this.shape.put(this.shape.handles()[this.now].at, ...this.#place(event));
      this.picked = false;
      this.draw();
      this.#focus();
      this.#stay();
    }
  }

  /** Follow a pointer that holds a vertex; one that stays where it was has picked it. */
  #follow(event, at, pick, added) {
    const begun = [event.clientX, event.clientY];
    let dragged = false;
    const over = new AbortController();
    this.svg.setPointerCapture(event.pointerId);
    const follow = (move) => {
      dragged ||= Math.hypot(move.clientX - begun[0], move.clientY - begun[1]) >= STILL;
      if (!dragged) return;
      this.shape.put(at, ...this.#place(move));
      this.draw();
    };
    const end = (last) => {
      over.abort();
      if (!dragged) this.#take(at, pick);
      if (dragged || added) this.#stay();
      last.preventDefault();
    };
    this.svg.addEventListener("pointermove", follow, { signal: over.signal });
    for (const name of ["pointerup", "pointercancel"]) this.svg.addEventListener(name, end, { signal: over.signal });
  }

  #key(event) {
    const handle = this.shape.handles()[this.now];
    if (!handle || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const far = event.shiftKey ? FAR : STEP;
      const before = JSON.stringify(this.shape.sent());
      this.shape.put(handle.at, handle.x + far * arrow[0], handle.y + far * arrow[1]);
      if (JSON.stringify(this.shape.sent()) !== before) this.#later();
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      const count = this.shape.handles().length;
      this.now = (this.now + (event.key === "PageDown" ? 1 : count - 1)) % count;
    } else if (event.key === "Insert") {
      this.now = this.shape.insert(handle.at + 1);
      this.#later();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      if (!this.shape.remove(handle.at)) return;
      this.now = Math.min(this.now, this.shape.handles().length - 1);
      this.#later();
    } else if (event.key === "Enter" || event.key === " ") {
      this.picked = !this.picked;
    } else if (event.key === "Escape") {
      this.picked = false;
    } else return;
    event.preventDefault();
    this.draw();
  }

  #later() {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.#stay(), PAUSE);
    this.told.moving(this);
  }

  #stay() {
    this.pause = clearTimeout(this.pause); // none
    this.told.moved(this);
  }

  /** Do not wait for another key. @returns {boolean} Whether one was waited for. */
  settle() {
    const waited = this.busy;
    if (waited) this.#stay();
    return waited;
  }

  /** @returns {boolean} Whether somebody is still at it. */
  get busy() {
    return this.pause !== undefined;
  }
}
