// lobule_app: the Session and the canvas. One method a function of app_api.h; frames are drawn only when something changed.
import { kWakingEvents, loadFont } from "./canvas.js";
import { WasmModule } from "./wasm_module.js";

/** @typedef {import("./types").CaseDetail} CaseDetail */
/** @typedef {import("./types").CaseFilter} CaseFilter */
/** @typedef {import("./types").CaseRow} CaseRow */
/** @typedef {import("./types").ModelFacts} ModelFacts */
/** @typedef {import("./types").PatientRow} PatientRow */
/** @typedef {import("./types").SessionState} SessionState */
/** @typedef {import("./types").TileName} TileName */

export class App {
  /** @param {WasmModule} wasm */
  constructor(wasm) {
    this.wasm = wasm;
    this.isScheduled = false;
    /** Called after each look at the canvas: it may have changed the Session and may want tiles. */
    this.onFrame = () => {};
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @returns {Promise<{app: App, failure: string}>} failure: why the canvas can't draw, or ""; the Session works all the same
   */
  static async load(canvas) {
    const [wasm, font] = await Promise.all([WasmModule.load("lobule_app.mjs", { canvas }), loadFont()]);
    const app = new App(wasm);
    const failure = wasm.text("app_start", font, font.byteLength);
    for (const type of kWakingEvents) canvas.addEventListener(type, () => app.wake(), { passive: true });
    // A drag that ends outside the canvas.
    window.addEventListener("pointerup", () => app.wake());
    return { app, failure };
  }

  wake() {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      const wantsAnother = this.wasm.call("app_frame") === 1;
      this.onFrame();
      if (wantsAnother) this.wake();
    });
  }

  /**
   * Calls a function that returns "" or the cause of its failure.
   * @param {string} name
   * @param {...(number | string)} values
   */
  act(name, ...values) {
    const cause = this.wasm.text(name, ...values);
    this.wake();
    if (cause !== "") throw new Error(cause);
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

  /** @param {number} caseId */
  removeCase(caseId) {
    this.act("app_remove_case", caseId);
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
   * @param {number} caseId
   * @param {string} label a class name, or "" for none
   */
  setLabel(caseId, label) {
    this.act("app_set_label", caseId, label);
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

  /**
   * @param {string} fileName see app_export
   * @returns {string} the file's text, or "" when there is nothing to write
   */
  exportFile(fileName) {
    return this.wasm.text("app_export", fileName);
  }

  /**
   * @param {{title: string, date: string, with_codes: boolean, pictures: Record<string, string>}} options
   * @returns {string} HTML, or "" when there are no cases
   */
  caseReport(options) {
    return this.wasm.text("app_case_report", JSON.stringify(options));
  }

  /**
   * What a click on a chart asked the list to show, once.
   * @returns {Partial<CaseFilter> | null}
   */
  takeFilter() {
    const text = this.wasm.text("app_take_filter");
    return text === "" ? null : JSON.parse(text);
  }

  /**
   * @param {number} prevalence
   * @returns {import("./types").PrevalenceEvaluation | null} null: no such prevalence, or no labelled case
   */
  atPrevalence(prevalence) {
    const text = this.wasm.text("app_prevalence_json", prevalence);
    return text === "" ? null : JSON.parse(text);
  }

  /**
   * @param {object[]} history epochs of a model file
   * @returns {string} training curves as SVG, or ""
   */
  historySvg(history) {
    return this.wasm.text("app_history_svg", history.map((epoch) => JSON.stringify(epoch)).join("\n"));
  }

  /** @param {string} csv */
  openPredictions(csv) {
    this.act("app_open_predictions", csv);
  }

  /** @param {string} json */
  openSession(json) {
    this.act("app_open_session", json);
  }

  /**
   * @param {string} path
   * @param {number} bytes
   * @returns {number} id of the case whose image it is, or 0
   */
  attachImage(path, bytes) {
    return this.wasm.call("app_attach_image", JSON.stringify({ path, bytes }));
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
   * @param {import("./core_module.js").Pixels} pixels
   */
  putTile(name, { width, height, rgba }) {
    this.wasm.call("app_put_tile", name.case, name.level, name.x, name.y, width, height, rgba);
    this.wake();
  }

  /** @param {string} command see app_viewer_command */
  viewerCommand(command) {
    this.wasm.call("app_viewer_command", command);
    this.wake();
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
