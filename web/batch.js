// What is classified next: waiting cases one after the other, at a bounded number of requests, with pause and stop.

/** @typedef {"idle" | "running" | "paused" | "stopped" | "waiting for a model"} BatchState */
/** @typedef {{state: BatchState, total: number, finished: number, rate: number, left: number}} Progress */

const kInFlight = 2; // one at work, one read from disk behind it: a tile never waits long
const kRateWindow = 24; // answers that the rate is taken from

export class Batch {
  /**
   * @param {{
   *   waiting: () => number[],
   *   classify: (caseId: number) => Promise<void>,
   *   onChange: () => void,
   * }} work waiting: ids of all cases without a result, in list order
   */
  constructor(work) {
    this.work = work;
    /** @type {number[]} */
    this.queue = [];
    /** @type {Set<number>} */
    this.inFlight = new Set();
    /** @type {Set<number>} cases that a stop left unclassified */
    this.held = new Set();
    this.isPaused = false;
    this.hasModel = false;
    this.finished = 0;
    /** @type {number[]} when the last answers came, ms */
    this.times = [];
  }

  /** Takes up every case that waits: after cases came or came back, or a model was opened. */
  sync() {
    const waiting = this.work.waiting();
    this.held = new Set(waiting.filter((id) => this.held.has(id)));
    this.queue = waiting.filter((id) => !this.inFlight.has(id) && !this.held.has(id));
    this.start();
  }

  /** A model came into use: everything that waits can be classified, also what a stop left. */
  modelOpened() {
    this.hasModel = true;
    this.held.clear();
    this.sync();
  }

  togglePause() {
    if (this.held.size > 0 && this.queue.length === 0) this.held.clear();
    else this.isPaused = !this.isPaused;
    this.sync();
  }

  stop() {
    for (const id of this.queue) this.held.add(id);
    this.queue = [];
    this.isPaused = false;
    this.work.onChange();
  }

  start() {
    while (this.hasModel && !this.isPaused && this.inFlight.size < kInFlight) {
      const caseId = this.queue.shift();
      if (caseId === undefined) break;
      this.run(caseId);
    }
    if (this.inFlight.size === 0 && this.queue.length === 0) {
      this.finished = 0;
      this.times = [];
    }
    this.work.onChange();
  }

  /** @param {number} caseId */
  async run(caseId) {
    this.inFlight.add(caseId);
    if (this.times.length === 0) this.times.push(performance.now());
    await this.work.classify(caseId);
    this.inFlight.delete(caseId);
    this.finished += 1;
    this.times = [...this.times, performance.now()].slice(-kRateWindow);
    this.start();
  }

  /** @returns {Progress} */
  progress() {
    const left = this.queue.length + this.inFlight.size;
    const span = this.times.length > 1 ? (this.times[this.times.length - 1] - this.times[0]) / 1000 : 0;
    const rate = span > 0 ? (this.times.length - 1) / span : 0;
    const common = { total: this.finished + left, finished: this.finished, rate };
    if (left === 0) return { ...common, state: this.held.size > 0 ? "stopped" : "idle", left: this.held.size };
    if (!this.hasModel) return { ...common, state: "waiting for a model", left };
    return { ...common, state: this.isPaused ? "paused" : "running", left };
  }
}
