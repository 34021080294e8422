// lobule_app: how it is called, and what it reads and writes as files. See app_module.js for the rest.

/** @typedef {import("./types").CaseFilter} CaseFilter */
/** @typedef {import("./wasm_module.js").WasmModule} WasmModule */

export class AppFiles {
  /** @param {WasmModule} wasm */
  constructor(wasm) {
    this.wasm = wasm;
    this.isScheduled = false;
    /** Called after each look at the canvas: it may have changed the Session and may want tiles. */
    this.onFrame = () => {};
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

  /**
   * @param {string} fileName "roc.svg", "roc.csv": see kChartNames of the core
   * @returns {string} the file's text
   */
  chart(fileName) {
    return this.wasm.text("app_chart", fileName);
  }

  /** @param {string} name what the table is called @param {string} csv predictions of another model */
  setBaseline(name, csv) {
    this.act("app_set_baseline", JSON.stringify({ name, csv }));
  }

  clearBaseline() {
    this.wasm.call("app_clear_baseline");
    this.wake();
  }

  /** @returns {import("./types").BaselineComparison | null} null without a baseline */
  comparison() {
    const text = this.wasm.text("app_comparison_json");
    return text === "" ? null : JSON.parse(text);
  }

  /** @param {string} json an evaluation.json, shown in place of the cases' own until it is closed */
  openEvaluation(json) {
    this.act("app_open_evaluation", json);
  }

  closeEvaluation() {
    this.wasm.call("app_close_evaluation");
    this.wake();
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
}
