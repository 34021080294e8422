// The page's side of the worker: requests with ids, answers to ids that nobody waits for dropped, a new worker when one dies.

/** @typedef {import("./types").ModelFacts} ModelFacts */
/** @typedef {{kind: string, request: any, resolve: (value: any) => void, reject: (error: Error) => void}} Pending */

const kLongestSilence = 120_000; // ms; the largest image takes seconds
const kMostRestarts = 3; // in a row, without one answer between them

export class WorkerClient {
  /**
   * @param {(cause: string) => void} onRestart told after a worker died and the next one was started
   * @param {(cause: string) => void} onDead told when no worker can be started
   */
  constructor(onRestart, onDead) {
    this.onRestart = onRestart;
    this.onDead = onDead;
    /** @type {Map<number, Pending>} oldest first: the worker answers in order */
    this.pending = new Map();
    this.nextId = 1;
    this.restarts = 0;
    /** @type {Blob | null} the model in use, for the next worker */
    this.model = null;
    this.isDead = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.watchdog = undefined;
    this.worker = this.startWorker();
  }

  /**
   * @param {Blob} file
   * @returns {Promise<{facts: ModelFacts, threads: number, foreignRequests: number}>}
   */
  async openModel(file) {
    const answer = await this.ask("openModel", { file });
    this.model = file;
    return answer;
  }

  /**
   * @param {number} caseId
   * @param {Blob} file
   * @param {string} path which may say the magnification
   * @returns {Promise<import("./types").ClassifyAnswer>}
   */
  classify(caseId, file, path) {
    return this.ask("classify", { caseId, file, path });
  }

  /**
   * @param {Blob} file
   * @param {import("./types").TileName} name
   * @returns {Promise<import("./core_module.js").TilePixels>}
   */
  tile(file, name) {
    return this.ask("tile", { caseId: name.case, level: name.level, x: name.x, y: name.y, channel: name.channel, file });
  }

  /** @param {number} caseId */
  forget(caseId) {
    return this.ask("forget", { caseId });
  }

  /**
   * @param {string} kind
   * @param {any} request
   * @returns {Promise<any>}
   */
  ask(kind, request) {
    return new Promise((resolve, reject) => {
      if (this.isDead) {
        reject(new Error("the image engine is not running: reload the page"));
        return;
      }
      const id = this.nextId++;
      this.pending.set(id, { kind, request, resolve, reject });
      this.worker.postMessage({ id, kind, request });
      if (this.pending.size === 1) this.watch();
    });
  }

  startWorker() {
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module", name: "lobule" });
    worker.onmessage = (event) => this.receive(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.restart(event.message || "it stopped without a message");
    };
    return worker;
  }

  /** @param {{id?: number, value?: any, error?: string, fatal?: string}} answer */
  receive({ id, value, error, fatal }) {
    if (fatal !== undefined) {
      this.restart(fatal);
      return;
    }
    const waiting = id === undefined ? undefined : this.pending.get(id);
    if (id === undefined || waiting === undefined) return;
    this.pending.delete(id);
    this.restarts = 0;
    this.watch();
    if (error !== undefined) waiting.reject(new Error(error));
    else waiting.resolve(value);
  }

  watch() {
    clearTimeout(this.watchdog);
    if (this.pending.size > 0) {
      this.watchdog = setTimeout(() => this.restart("it has not answered for two minutes"), kLongestSilence);
    }
  }

  /**
   * Ends this worker and starts the next: the model is opened again, the request that the old one was at is given up,
   * the rest are sent again.
   * @param {string} cause
   */
  restart(cause) {
    this.worker.terminate();
    const unanswered = [...this.pending.values()];
    this.pending.clear();
    clearTimeout(this.watchdog);
    const given_up = unanswered.shift();
    if (++this.restarts > kMostRestarts) {
      this.isDead = true;
      for (const { reject } of [...(given_up ? [given_up] : []), ...unanswered]) reject(new Error(cause));
      this.onDead(cause);
      return;
    }
    this.worker = this.startWorker();
    if (this.model) this.ask("openModel", { file: this.model }).catch(() => {});
    given_up?.reject(new Error(`the image engine stopped at it (${cause})`));
    for (const { kind, request, resolve, reject } of unanswered) this.ask(kind, request).then(resolve, reject);
    this.onRestart(cause);
  }
}
