// The evaluation as tables: what the canvas draws, in the DOM. Every figure is read from the core's evaluation.json.
import { capital } from "./call.js";
import { makeCharts } from "./charts_view.js";
import { makeComparison } from "./comparison_view.js";
import { byId, make, makeResearchNotice } from "./dom.js";
import { makeConfusion, makeFigures, makeSubsets } from "./evaluation_tables.js";
import { makePrevalence } from "./prevalence_view.js";
import { makeReadingTables } from "./reading_tables.js";
import { makeTrainingSwitch } from "./training_switch.js";

/** @typedef {import("./types").Evaluation} Evaluation */

/** What can be saved; the core writes the text, the same bytes as the command-line program. */
export const kExports = [
  { name: "predictions.csv", says: "a line per image", needsLabels: false },
  { name: "predictions.json", says: "the same for programs", needsLabels: false },
  { name: "evaluation.json", says: "every figure", needsLabels: true },
  { name: "classification_report.txt", says: "as scikit-learn prints it", needsLabels: true },
  { name: "report.html", says: "one page to read and print", needsLabels: true },
  { name: "reading.csv", says: "what you called each image before and after the model", needsLabels: false, needsReadings: true },
  { name: "reading.json", says: "figures of you, the model, and both", needsLabels: true, needsReadings: true },
  { name: "comparison.csv", says: "this model against the other one", needsLabels: true, needsBaseline: true },
  { name: "comparison.json", says: "the same for programs", needsLabels: true, needsBaseline: true },
  { name: "case_report.html", says: "every case with a small picture, to read and print", needsLabels: false },
  { name: "case_report_coded.html", says: "the same with numbers for names and patients", needsLabels: false },
  { name: "session.json", says: "opens all of this again, but the images", needsLabels: false },
];

/** What an evaluation that was opened from its file can be saved as. */
const kOfEvaluation = ["evaluation.json", "classification_report.txt", "report.html"];

/**
 * @param {(typeof kExports)[number]} file
 * @param {import("./types").SessionState} state
 */
export function canSave({ name, needsLabels, needsReadings, needsBaseline }, { done, labelled, read, has_baseline, has_opened_evaluation }) {
  if (has_opened_evaluation && kOfEvaluation.includes(name)) return true;
  return done > 0 && (!needsLabels || labelled > 0) && (!needsReadings || read > 0) && (!needsBaseline || has_baseline);
}

export class EvaluateView {
  /**
   * @param {{
   *   onSave: (fileName: string) => void,
   *   onThresholds: (low: number, high: number) => void,
   *   onCountTraining: (isOn: boolean) => void,
   *   onSaveChart: (chart: string, format: import("./chart_saving.js").ChartFormat) => void,
   *   onCloseEvaluation: () => void,
   *   onChooseBaseline: () => void,
   *   onClearBaseline: () => void,
   *   onShowOnly: (filter: Partial<import("./types").CaseFilter>) => void,
   *   atPrevalence: (prevalence: number) => import("./types").PrevalenceEvaluation | null,
   * }} actions
   */
  constructor(actions) {
    this.actions = actions;
    this.root = byId("evaluation", HTMLElement);
    /** @type {string | null} */
    this.shows = null;
  }

  /**
   * @param {string} json evaluation.json, "" when no case is labelled
   * @param {string} reading reading.json, "" when no labelled case was read
   * @param {import("./types").SessionState} state
   * @param {{baseline: import("./types").BaselineComparison | null, openedFile: string}} beside openedFile: whose evaluation is shown in place of the cases' own
   */
  update(json, reading, state, { baseline, openedFile }) {
    const { reads_first, read, in_training, counts_training, left_out } = state;
    const shows = JSON.stringify([json, reading, baseline, openedFile, reads_first, read, in_training, counts_training, left_out]);
    if (shows === this.shows) return;
    this.shows = shows;
    const training = in_training > 0 ? [makeTrainingSwitch(state, this.actions.onCountTraining)] : [];
    if (json === "") {
      const words = reads_first
        ? "Figures are hidden while you read first: they tell what the truth is."
        : left_out > 0
          ? "All labelled images are of patients whom this model learned from: they are no test of it."
          : "Figures appear here as soon as there are labelled cases with a result.";
      this.root.replaceChildren(make("p", { className: "quiet" }, words), ...training);
      return;
    }
    /** @type {Evaluation} */
    const evaluation = JSON.parse(json);
    const focused = this.root.contains(document.activeElement) ? document.activeElement?.id : "";
    const isOpened = state.has_opened_evaluation;
    this.root.replaceChildren(
      ...(isOpened ? [this.makeOpenedNote(openedFile, evaluation)] : []),
      make("h2", {}, countLine(evaluation)),
      ...(isOpened ? [] : [...training, this.makeThresholds(evaluation)]),
      makeFigures("Figures", evaluation, evaluation.intervals),
      makeConfusion(
        "Confusion matrix, images",
        evaluation,
        evaluation.images,
        isOpened ? null : (label, predicted) => this.actions.onShowOnly({ label, predicted, training: left_out > 0 ? "out" : "" }),
      ),
      makeConfusion("Confusion matrix, patients", evaluation, evaluation.patients, null),
      ...(reading === "" || isOpened ? [] : [makeReadingTables(JSON.parse(reading))]),
      ...(isOpened ? [] : [this.makeCompared(baseline), makePrevalence(evaluation, this.actions.atPrevalence)]),
      ...makeSubsets(evaluation.subsets),
      ...(evaluation.without_gates
        ? [makeFigures("As if no image had been refused", evaluation.without_gates, evaluation.intervals)]
        : []),
      makeCharts(evaluation.images, this.actions.onSaveChart),
      this.makeExports(state),
      makeResearchNotice(),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  /** @param {string} file @param {Evaluation} evaluation */
  makeOpenedNote(file, { threshold_low, threshold_high }) {
    const close = make("button", { type: "button", className: "small", id: "close-evaluation" }, "Back to the cases");
    close.onclick = () => this.actions.onCloseEvaluation();
    const limits = threshold_low === threshold_high ? `threshold ${threshold_low}` : `thresholds ${threshold_low} and ${threshold_high}`;
    return make(
      "div",
      { className: "reason", role: "note", id: "opened-evaluation" },
      make("p", {}, make("b", {}, file), ` as it was computed, at ${limits}. It holds no single images: nothing moves it.`),
      close,
    );
  }

  /** @param {import("./types").BaselineComparison | null} baseline */
  makeCompared(baseline) {
    return makeComparison(baseline, {
      onChoose: this.actions.onChooseBaseline,
      onClear: this.actions.onClearBaseline,
      onShowChanged: () => this.actions.onShowOnly({ changed_only: true }),
    });
  }

  /** @param {Evaluation} evaluation */
  makeThresholds({ threshold_low, threshold_high, classes, positive }) {
    const negative = classes.length === 2 ? (classes.find((name) => name !== positive) ?? "") : `not ${positive}`;
    const low = makeThresholdInput(
      "threshold-low",
      threshold_low,
      `${capital(negative)} below this probability of ${positive}`,
    );
    const high = makeThresholdInput("threshold-high", threshold_high, `${capital(positive)} from this probability on`);
    // The one that was changed wins: it moves the other along rather than be refused.
    low.onchange = () => this.actions.onThresholds(low.valueAsNumber, Math.max(low.valueAsNumber, high.valueAsNumber));
    high.onchange = () =>
      this.actions.onThresholds(Math.min(low.valueAsNumber, high.valueAsNumber), high.valueAsNumber);
    const words = threshold_low < threshold_high ? "No result between the two." : "";
    return make(
      "div",
      { className: "thresholds", role: "group", "aria-label": "Thresholds" },
      make("span", {}, `${capital(negative)} below `, low),
      make("span", {}, `${capital(positive)} from `, high),
      make("span", { className: "quiet" }, words),
    );
  }

  /** @param {import("./types").SessionState} state */
  makeExports(state) {
    const buttons = kExports.filter((file) => canSave(file, state)).map(({ name }) => {
      const button = make("button", { type: "button", id: `save-${name}` }, name);
      button.onclick = () => this.actions.onSave(name);
      return button;
    });
    return make(
      "section",
      { "aria-label": "Save" },
      make("h3", {}, "Save"),
      make("div", { className: "buttons" }, ...buttons),
    );
  }
}

/** @param {string} id @param {number} value @param {string} label */
function makeThresholdInput(id, value, label) {
  return make("input", {
    type: "number",
    id,
    min: "0",
    max: "1",
    step: "0.01",
    value: value.toFixed(2),
    "aria-label": label,
  });
}

/** @param {Evaluation} evaluation */
function countLine({ images, patients, unlabelled, positive, patient_results }) {
  const parts = [`${images.n} labelled images (${images.positives} ${positive})`, `${patients.n} patients`];
  const mixed = patient_results.filter(({ label }) => label === "").length;
  if (mixed > 0) parts.push(`${mixed} more have images of several classes`);
  if (images.no_result > 0)
    parts.push(`${images.no_result} without result: ${images.refused} refused, ${images.undecided} undecided`);
  if (unlabelled > 0) parts.push(`${unlabelled} not labelled`);
  return parts.join(" · ");
}
