// What a person can do, as actions on the Session, the worker and the files. Views ask for them; nothing else starts anything.
import { Batch } from "./batch.js";
import { CaseFiles } from "./case_files.js";
import { caseInAddress } from "./deep_link.js";
import { sortFiles } from "./files.js";
import { messageOf } from "./messages.js";
import { openDocument, openTable } from "./open_tables.js";
import { saveFile } from "./saving.js";
import { WorkerClient } from "./worker_client.js";

/** @typedef {import("./app_module.js").App} App */
/** @typedef {import("./types").DroppedFile} DroppedFile */
/** @typedef {import("./types").ModelFacts} ModelFacts */

/**
 * What the page is told.
 * @typedef {{
 *   changed: () => void,
 *   model: (facts: ModelFacts | null) => void,
 *   checkingModel: (name: string) => void,
 *   engine: (threads: number) => void,
 *   foreignRequests: (count: number) => void,
 *   announce: (text: string) => void,
 *   showEvaluation: () => void,
 * }} Listener
 */

export class Workbench {
  /**
   * @param {App} app
   * @param {import("./errors.js").Notices} notices
   * @param {Listener} listener
   */
  constructor(app, notices, listener) {
    this.app = app;
    this.notices = notices;
    this.listener = listener;
    this.files = new CaseFiles();
    /** @type {ModelFacts | null} */
    this.facts = null;
    /** The file whose evaluation is shown in place of the cases' own. */
    this.openedEvaluation = "";
    this.client = new WorkerClient(
      (cause) => this.engineRestarted(cause),
      (cause) => this.engineDead(cause),
    );
    this.batch = new Batch({
      waiting: () => app.list({ call: "waiting" }).flatMap(({ id, has_image }) => (has_image ? [id] : [])),
      classify: (caseId) => this.classify(caseId),
      onChange: () => listener.changed(),
    });
  }

  /** @param {DroppedFile[]} dropped */
  async open(dropped) {
    const { images, models, tables, documents, unknown, skipped } = sortFiles(dropped);
    for (const file of unknown.slice(0, 3)) {
      this.notices.error(
        file.name,
        "not an image, a model, a predictions table, a session or an evaluation",
        "Add PNG, JPEG or BMP images, an .onnx model, a predictions.csv, a session.json or an evaluation.json.",
      );
    }
    if (images.length === 0 && skipped > 0) {
      const folder = dropped[0].path.split("/")[0];
      this.notices.error(folder, "there are no images in this folder", "Add a folder with PNG, JPEG or BMP images.");
    }
    if (models.length > 1)
      this.notices.error(models[1].name, "one model can be in use at a time", "Drop a single .onnx file.");
    if (models.length > 0) await this.openModel(models[0]);
    for (const file of tables) await openTable(this, file);
    for (const file of documents) await openDocument(this, file);
    if (images.length > 0) this.addImages(images);
  }

  /** @param {DroppedFile[]} images */
  addImages(images) {
    const before = this.app.state().labelled;
    const ids = images.map(({ file, path }) => this.attachImage(file, path) || this.addCase(file, path, false));
    const labelled = this.app.state().labelled - before;
    const added = new Set(ids);
    const shown = this.app.list({}).filter(({ id }) => added.has(id));
    const asked = ids.find((id) => this.app.caseDetail(id)?.path === caseInAddress());
    this.app.select(asked ?? shown[0]?.id ?? 0); // else the one that stands first
    this.batch.sync();
    if (labelled > 1) {
      this.notices.done(
        "labels",
        `Labels known for ${labelled} of ${images.length} images`,
        "Read from their names and folders. The evaluation grows as results come.",
        {
          label: "Show it",
          run: () => this.listener.showEvaluation(),
        },
      );
    }
  }

  /** @param {File} file a sample case, synthetic */
  addSample(file) {
    this.app.select(this.addCase(file, file.name, true));
    this.batch.sync();
  }

  /**
   * The image of a case of an opened session or table, where it is one.
   * @param {File} file @param {string} path
   * @returns {number} its id, or 0
   */
  attachImage(file, path) {
    const id = this.app.attachImage(path, file.size);
    if (id !== 0) this.files.add(id, file);
    return id;
  }

  /** @param {File} file @param {string} path @param {boolean} sample */
  addCase(file, path, sample) {
    const id = this.app.addCase({ name: file.name, path, bytes: file.size, sample, label: "" });
    this.files.add(id, file);
    return id;
  }

  /**
   * Opens a model file. It replaces the one in use when it has shown that it computes what its file says; else the old one stays.
   * @param {File} file
   * @returns {Promise<string>} "" or why it was refused
   */
  async openModel(file) {
    this.listener.checkingModel(file.name);
    const old = this.facts;
    try {
      const { facts, threads, foreignRequests } = await this.client.openModel(file);
      this.app.setModel(facts);
      this.facts = facts;
      this.listener.engine(threads);
      this.listener.foreignRequests(foreignRequests);
      this.listener.model(facts);
      if (old)
        this.notices.done(
          "model",
          `${facts.name} is the model now`,
          `${file.name} passed its checks. Open cases are classified again.`,
        );
      this.batch.modelOpened();
      return "";
    } catch (error) {
      const cause = messageOf(error);
      this.listener.model(old);
      const stays = old ? `${old.name} stays in use.` : "";
      this.notices.error(
        `${file.name} was not opened`,
        cause,
        `${stays} A model for this page is made by "lobule export".`.trim(),
      );
      return cause;
    }
  }

  /** @param {number} caseId */
  async classify(caseId) {
    const file = this.files.file(caseId);
    try {
      if (!file) throw new Error("its file is not open");
      const answer = await this.client.classify(caseId, file, this.app.caseDetail(caseId)?.path ?? "");
      this.files.setThumbnail(caseId, answer.thumbnail);
      this.app.setResult(caseId, answer);
      this.listener.foreignRequests(answer.foreignRequests);
    } catch (error) {
      this.app.setFailure(caseId, messageOf(error));
    }
    this.listener.changed();
  }

  /** Hands the canvas the tiles that it asks for. */
  deliverTiles() {
    for (const name of this.app.takeRequests()) {
      const file = this.files.file(name.case);
      if (!file) continue;
      this.client.tile(file, name).then(
        (pixels) => this.app.putTile(name, pixels),
        () => this.app.forgetRequests(name.case),
      );
    }
  }

  /** @param {number[]} caseIds */
  remove(caseIds) {
    if (caseIds.length === 0) return;
    const what = caseIds.length === 1 ? (this.app.caseDetail(caseIds[0])?.name ?? "") : `${caseIds.length} cases`;
    this.app.removeCases(caseIds);
    for (const caseId of caseIds) this.client.forget(caseId).catch(() => {});
    this.batch.sync();
    this.listener.announce(`Removed ${what}. Undo brings ${caseIds.length === 1 ? "it" : "them"} back.`);
    if (this.app.state().cases === 0) this.offerUndo(`Removed ${what}`);
  }

  removeAll() {
    this.app.removeAll();
    this.batch.sync();
    this.offerUndo("Removed all cases");
  }

  /** @param {string} what was removed last: the list and its Undo button are gone with it */
  offerUndo(what) {
    this.notices.done("removal", what, "Your files are as they were.", { label: "Undo", run: () => this.undo(), stays: true });
  }

  undo() {
    const undone = this.app.undo();
    this.notices.withdraw("removal");
    this.batch.sync();
    this.listener.announce(undone ? `Undone: ${undone}` : "There is nothing to undo.");
  }

  redo() {
    const redone = this.app.redo();
    this.batch.sync();
    this.listener.announce(redone ? `Done again: ${redone}` : "There is nothing to do again.");
  }

  isBusy() {
    return ["running", "paused", "stopped"].includes(this.batch.progress().state);
  }

  /** Files that could not be read, once more: a network folder may be back. */
  retryFailed() {
    const count = this.app.retryFailed();
    this.batch.sync();
    this.listener.announce(count === 1 ? "1 image is read again" : `${count} images are read again`);
  }

  /** @param {number[]} caseIds @param {string} label a reading while reading first */
  label(caseIds, label) {
    if (caseIds.length === 0) return;
    this.app.setLabel(caseIds, label);
    const cases = caseIds.length === 1 ? "" : `${caseIds.length} cases `;
    if (this.app.state().reads_first) this.listener.announce(label ? `${cases}Read ${label}. ${this.callText(caseIds)}` : "As at first");
    else this.listener.announce(label ? `${cases}Labelled ${label}` : "Label removed");
    this.listener.changed();
  }

  /**
   * What a reader who does not see the page is told once the call may be known.
   * @param {number[]} caseIds
   */
  callText(caseIds) {
    const detail = this.app.caseDetail(caseIds[0]);
    if (caseIds.length > 1 || !detail || detail.state !== "done") return "";
    return `The model: ${detail.call_name}`;
  }

  /** @param {number} low @param {number} high */
  setThresholds(low, high) {
    const within = (/** @type {number} */ value) => Math.min(1, Math.max(0, Math.round(100 * value) / 100));
    if (!Number.isFinite(low) || !Number.isFinite(high)) return;
    this.app.setThresholds(within(low), within(high));
    this.listener.announce(`Thresholds ${within(low).toFixed(2)} and ${within(high).toFixed(2)}`);
    this.listener.changed();
  }

  /** @param {string} fileName see app_export, or a case report */
  async save(fileName) {
    await saveFile(this, fileName);
  }

  /** @param {string} cause */
  engineRestarted(cause) {
    const { selected, pinned } = this.app.state();
    for (const caseId of [selected, pinned]) this.app.forgetRequests(caseId);
    this.notices.error(
      "The image engine stopped and was started again",
      cause,
      "The file it was at is marked. Everything else goes on.",
    );
  }

  /** @param {string} cause */
  engineDead(cause) {
    this.batch.hasModel = false;
    this.notices.error(
      "The image engine does not run",
      cause,
      "Reload the page; if that does not help, use a current browser with WebAssembly SIMD.",
    );
  }
}
