// The evaluation as tables: what the canvas draws, in the DOM. Every figure is read from the core's evaluation.json.
import { capital } from "./call.js";
import { byId, make, makeResearchNotice } from "./dom.js";
import { makeConfusion, makeCurve, makeFigures, makeSubsets } from "./evaluation_tables.js";
import { recall, remember } from "./memory.js";

/** @typedef {import("./types").Evaluation} Evaluation */

/** What can be saved; the core writes the text, the same bytes as the command-line program. */
export const kExports = [
  { name: "predictions.csv", says: "a line per image", needsLabels: false },
  { name: "predictions.json", says: "the same for programs", needsLabels: false },
  { name: "evaluation.json", says: "every figure", needsLabels: true },
  { name: "classification_report.txt", says: "as scikit-learn prints it", needsLabels: true },
  { name: "report.html", says: "one page to read and print", needsLabels: true },
  { name: "case_report.html", says: "every case with a small picture, to read and print", needsLabels: false },
  { name: "case_report_coded.html", says: "the same with numbers for names and patients", needsLabels: false },
  { name: "session.json", says: "opens all of this again, but the images", needsLabels: false },
];

export class EvaluateView {
  /**
   * @param {{
   *   onSave: (fileName: string) => void,
   *   onThresholds: (low: number, high: number) => void,
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

  /** @param {string} json evaluation.json, "" when no case is labelled */
  update(json) {
    if (json === this.shows) return;
    this.shows = json;
    if (json === "") {
      this.root.replaceChildren(
        make("p", { className: "quiet" }, "Figures appear here as soon as there are labelled cases with a result."),
      );
      return;
    }
    /** @type {Evaluation} */
    const evaluation = JSON.parse(json);
    const focused = this.root.contains(document.activeElement) ? document.activeElement?.id : "";
    this.root.replaceChildren(
      make("h2", {}, countLine(evaluation)),
      this.makeThresholds(evaluation),
      makeFigures("Figures", evaluation, evaluation.intervals),
      makeConfusion("Confusion matrix, images", evaluation, evaluation.images, (label, predicted) =>
        this.actions.onShowOnly({ label, predicted }),
      ),
      makeConfusion("Confusion matrix, patients", evaluation, evaluation.patients, null),
      this.makePrevalence(evaluation),
      ...makeSubsets(evaluation.subsets),
      ...(evaluation.without_gates
        ? [makeFigures("As if no image had been refused", evaluation.without_gates, evaluation.intervals)]
        : []),
      ...makeCurves(evaluation.images),
      this.makeExports(),
      makeResearchNotice(),
    );
    if (focused) document.getElementById(focused)?.focus();
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

  /**
   * Predictive values where the positive class is as frequent as the person says.
   * @param {Evaluation} evaluation
   */
  makePrevalence({ positive, images, patients }) {
    const asked = Number(recall("prevalence"));
    const share = images.positives / images.n;
    const usual = Math.min(0.99, Math.max(0.01, Math.round(100 * share) / 100));
    const input = make("input", {
      type: "number",
      id: "prevalence",
      min: "0.01",
      max: "0.99",
      step: "0.01",
      value: String(asked > 0 && asked < 1 ? asked : usual),
      "aria-label": `Prevalence of ${positive}`,
    });
    const values = make("div", { id: "predictive-values", "aria-live": "polite" });
    const show = () => {
      const found = this.actions.atPrevalence(input.valueAsNumber);
      if (!found) {
        values.replaceChildren(make("p", { className: "quiet" }, "Between 0.01 and 0.99, please."));
        return;
      }
      const levels = [{ name: "Images", values: found.images }];
      if (patients.n > 0) levels.push({ name: "Patients", values: found.patients });
      const rows = levels.map((level) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, level.name),
          makeEstimate(level.values.ppv),
          makeEstimate(level.values.npv),
        ),
      );
      const head = make(
        "tr",
        {},
        make("th", { scope: "col" }, "Level"),
        make("th", { scope: "col" }, "Positive predictive value"),
        make("th", { scope: "col" }, "Negative predictive value"),
      );
      values.replaceChildren(make("table", { className: "figures" }, make("thead", {}, head), make("tbody", {}, ...rows)));
    };
    input.onchange = () => {
      if (input.checkValidity()) remember("prevalence", input.value);
      show();
    };
    show();
    return make(
      "section",
      { "aria-label": "Predictive values" },
      make("h3", {}, "Where ", positive, " is as frequent as ", input),
      make("p", { className: "quiet" }, `It is ${share.toFixed(2)} among these images, which seldom says how it is elsewhere.`),
      values,
    );
  }

  makeExports() {
    const buttons = kExports.map(({ name }) => {
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

/** @param {import("./types").Estimate} estimate */
function makeEstimate({ value, low, high }) {
  const interval = low !== null && high !== null ? make("small", {}, `${low.toFixed(2)}–${high.toFixed(2)}`) : "";
  return make("td", {}, value === null ? "undefined" : value.toFixed(3), interval);
}

/** @param {import("./types").LevelEvaluation} images */
function makeCurves({ roc, pr, decision }) {
  return [
    makeCurve("ROC curve", {
      Threshold: roc.threshold,
      "False positive rate": roc.false_positive_rate,
      "True positive rate": roc.true_positive_rate,
    }),
    makeCurve("Precision and recall", { Threshold: pr.threshold, Precision: pr.precision, Recall: pr.recall }),
    makeCurve("Decision curve", {
      Threshold: decision.threshold,
      "Net benefit": decision.net_benefit,
      "If all are called": decision.call_all,
    }),
  ];
}
