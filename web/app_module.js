// lobule_app: the Session and the canvas. One method a function of app_api.h; frames are drawn only when something changed.
import { AppFiles } from "./app_files.js";
import { kWakingEvents, loadFont } from "./canvas.js";
import { WasmModule } from "./wasm_module.js";

/** @typedef {import("./types").CaseDetail} CaseDetail */
/** @typedef {import("./types").CaseFilter} CaseFilter */
/** @typedef {import("./types").CaseRow} CaseRow */
/** @typedef {import("./types").ModelFacts} ModelFacts */
/** @typedef {import("./types").PatientRow} PatientRow */
/** @typedef {import("./types").SessionState} SessionState */
/** @typedef {import("./types").TileName} TileName */

export class App extends AppFiles {
  /**
   * @param {HTMLCanvasElement} canvas
   * @returns {Promise<{app: App, failure: string}>} failure: why the canvas can't draw, or ""; the Session works all the same
   */
  static async load(canvas) {
    const [wasm, font] = await Promise.all([WasmModule.load("lobule_app.mjs", { canvas }), loadFont()]);
    const app = new App(wasm);
    const failure = wasm.text("app_start", font, font.byteLength);
    for (const type of kWakingEvents) canvas.addEventListener(type, () => app.wake(), { passive: true });
    // SDL keeps the browser from doing it: keys would go on into a field that was typed in before.
    canvas.addEventListener("pointerdown", () => canvas.focus({ preventScroll: true }));
    // A drag that ends outside the canvas.
    window.addEventListener("pointerup", () => app.wake());
    return { app, failure };
  }

  /** @param {object} theme */
  setTheme(theme) {
    this.wasm.call("app_set_theme", JSON.stringify(theme));
    this.wake();
  }

  /**
   * @param {number} width CSS pixels
   * @param {number} height CSS pixels
   */
  resize(width, height) {
    this.wasm.call("app_resize", Math.round(width), Math.round(height));
    this.wake();
  }

  /** @param {string} view */
  setView(view) {
    this.wasm.call("app_set_view", view);
    this.wake();
  }

  /** @param {ModelFacts} facts */
  setModel(facts) {
    this.act("app_set_model", JSON.stringify(facts));
  }

  /**
   * @param {{name: string, path: string, bytes: number, sample: boolean, label: string}} added
   * @returns {number} its id
   */
  addCase(added) {
    const id = this.wasm.call("app_add_case", JSON.stringify(added));
    this.wake();
    if (id === 0) throw new Error(`${added.name} could not be added`);
    return id;
  }

  /**
   * @param {number} caseId
   * @param {import("./types").ClassifyAnswer} answer
   */
  setResult(caseId, { result, cam }) {
    this.act("app_set_result", caseId, JSON.stringify(result));
    this.wasm.call("app_set_cam", caseId, cam.values, cam.classes, cam.height, cam.width);
  }

  /**
   * @param {number} caseId
   * @param {string} cause
   */
  setFailure(caseId, cause) {
    this.act("app_set_result", caseId, JSON.stringify({ error: cause }));
  }

  /** @param {number[]} caseIds */
  removeCases(caseIds) {
    this.act("app_remove_cases", JSON.stringify(caseIds));
  }

  removeAll() {
    this.wasm.call("app_remove_all");
    this.wake();
  }

  /** What was undone, or "". */
  undo() {
    const undone = this.wasm.text("app_undo");
    this.wake();
    return undone;
  }

  /** What was done again, or "". */
  redo() {
    const redone = this.wasm.text("app_redo");
    this.wake();
    return redone;
  }

  /** How many cases whose image could not be read wait again. */
  retryFailed() {
    return this.wasm.call("app_retry_failed");
  }

  /**
   * @param {number[]} caseIds
   * @param {string} label a class name, or "" for none
   */
  setLabel(caseIds, label) {
    this.act("app_set_label", JSON.stringify(caseIds), label);
  }

  /** @param {boolean} isOn calls are hidden until the case is labelled */
  setReadsFirst(isOn) {
    this.wasm.call("app_set_reads_first", isOn ? 1 : 0);
    this.wake();
  }

  /** @param {boolean} isOn images of training patients are in tables and figures */
  setCountsTraining(isOn) {
    this.wasm.call("app_set_counts_training", isOn ? 1 : 0);
    this.wake();
  }

  /**
   * @param {number} low
   * @param {number} high
   */
  setThresholds(low, high) {
    this.act("app_set_thresholds", low, high);
  }

  /** @param {number} caseId 0: none */
  select(caseId) {
    this.act("app_select", caseId);
  }

  /** @returns {SessionState} */
  state() {
    return JSON.parse(this.wasm.text("app_state_json"));
  }

  /**
   * @param {number} caseId
   * @returns {CaseDetail | null} null when there is no such case
   */
  caseDetail(caseId) {
    const text = caseId === 0 ? "" : this.wasm.text("app_case_json", caseId);
    return text === "" ? null : JSON.parse(text);
  }

  /**
   * @param {Partial<CaseFilter>} filter
   * @returns {CaseRow[]}
   */
  list(filter) {
    return JSON.parse(this.wasm.text("app_list_json", JSON.stringify(filter)));
  }

  /** @returns {PatientRow[]} */
  patients() {
    return JSON.parse(this.wasm.text("app_patients_json"));
  }

  /** @returns {TileName[]} */
  takeRequests() {
    return JSON.parse(this.wasm.text("app_take_requests"));
  }

  /** @param {number} caseId */
  forgetRequests(caseId) {
    this.wasm.call("app_forget_requests", caseId);
  }

  /**
   * @param {TileName} name
   * @param {import("./core_module.js").TilePixels} pixels
   */
  putTile(name, { width, height, rgba, ownStains }) {
    this.wasm.call("app_put_tile", name.case, name.level, name.x, name.y, name.channel, ownStains ? 1 : 0, width, height, rgba);
    this.wake();
  }

  /** @param {string} command see app_viewer_command */
  viewerCommand(command) {
    this.act("app_viewer_command", command);
  }

  /** What the canvas shows of the cases, in words. */
  canvasText() {
    return this.wasm.text("app_canvas_text");
  }

  /**
   * @param {number} caseId
   * @param {number} micrometres a pixel; 0: not known
   */
  setPixelSize(caseId, micrometres) {
    this.act("app_set_pixel_size", caseId, micrometres);
  }

  /**
   * @param {boolean} shown
   * @param {number} opacity 0 to 1
   */
  setCamShown(shown, opacity) {
    this.wasm.call("app_set_cam_shown", shown ? 1 : 0, opacity);
    this.wake();
  }
}
