/** Tubes that wait to be measured: two at a time, and how long the others still take. */

const PLACES = 2;

export class TubeQueue {
  /**
   * @param {(row: object) => Promise<boolean>} work Measures one; whether it was.
   * @param {(text: string) => void} tell How far it is, in words; empty when there is nothing to do.
   */
  constructor(work, tell) {
    Object.assign(this, { work, tell, waiting: [], busy: 0, all: 0, done: 0, measured: 0, begun: 0, held: new Set() });
  }

  /**
   * @param {object[]} rows
   * @param {object[]} [held] Rows that were meant too, and cannot be sent as they are.
   */
  add(rows, held = []) {
    for (const row of rows) this.held.delete(row);
    for (const row of held) this.held.add(row);
    if (!this.busy && !this.waiting.length) Object.assign(this, { all: 0, done: 0, measured: 0, begun: performance.now() });
    this.waiting.push(...rows);
    this.all += rows.length;
    this.go();
  }

  /** @param {object} row @returns {boolean} Whether it was still waiting. */
  remove(row) {
    if (this.held.delete(row)) this.say();
    const place = this.waiting.indexOf(row);
    if (place < 0) return false;
    this.waiting.splice(place, 1);
    this.all -= 1;
    this.say();
    return true;
  }

  /** @returns {object[]} What was waiting. */
  clear() {
    const left = this.waiting.splice(0);
    this.all -= left.length;
    this.say();
    return left;
  }

  go() {
    while (this.busy < PLACES && this.waiting.length) {
      this.busy += 1;
      this.work(this.waiting.shift()).then((measured) => {
        this.busy -= 1;
        this.done += 1;
        this.measured += measured ? 1 : 0;
        this.go();
      });
    }
    this.say();
  }

  say() {
    const held = this.held.size;
    if (!this.all) return this.tell(held ? `${held} to look at.` : "");
    const left = this.all - this.done;
    if (!left) {
      const not = this.all - this.measured + held;
      return this.tell(`${this.measured} of ${this.all + held} done${not ? `, ${not} to look at` : ""}.`);
    }
    const seconds = (performance.now() - this.begun) / 1000;
    const still = this.done ? `, about ${Math.max(1, Math.ceil((seconds / this.done) * left))} s left` : "";
    this.tell(`${this.done} of ${this.all}${still}`);
  }
}
