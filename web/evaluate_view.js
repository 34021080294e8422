// The evaluation as tables: what the canvas draws, in the DOM. Every figure is read from the core's evaluation.json.
import { capital } from "./call.js";
import { byId, make, makeResearchNotice } from "./dom.js";

/** @typedef {import("./types").Evaluation} Evaluation */
/** @typedef {import("./types").FigureValue} FigureValue */
/** @typedef {import("./types").LevelEvaluation} LevelEvaluation */

/** @type {[string, string][]} keys of evaluation.json and what people call them */
const kFigures = [
  ["accuracy", "Accuracy"],
  ["precision", "Precision"],
  ["recall", "Recall (sensitivity)"],
  ["f1", "F1"],
  ["balanced_accuracy", "Balanced accuracy"],
  ["specificity", "Specificity"],
  ["mcc", "Matthews correlation"],
  ["auc", "ROC AUC"],
  ["average_precision", "Average precision"],
  ["brier", "Brier score"],
  ["ece", "Calibration error (ECE)"],
  ["log_loss", "Log loss (nats)"],
];

/** What can be saved; the core writes the text, the same bytes as the command-line program. */
export const kExports = [
  { name: "predictions.csv", says: "a line per image", needsLabels: false },
  { name: "predictions.json", says: "the same for programs", needsLabels: false },
  { name: "evaluation.json", says: "every figure", needsLabels: true },
  { name: "classification_report.txt", says: "as scikit-learn prints it", needsLabels: true },
  { name: "report.html", says: "one page to read and print", needsLabels: true },
];

export class EvaluateView {
  /** @param {{onSave: (fileName: string) => void, onThresholds: (low: number, high: number) => void}} actions */
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
      makeConfusion("Confusion matrix, images", evaluation, evaluation.images),
      makeConfusion("Confusion matrix, patients", evaluation, evaluation.patients),
      ...(evaluation.without_gates
        ? [makeFigures("As if no image had been refused", evaluation.without_gates, evaluation.intervals)]
        : []),
      makeRoc(evaluation.images),
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

/**
 * @param {string} title
 * @param {{images: LevelEvaluation, patients: LevelEvaluation}} levels
 * @param {Evaluation["intervals"]} intervals
 */
function makeFigures(title, { images, patients }, intervals) {
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, "Figure"),
    make("th", { scope: "col" }, "Images"),
    make("th", { scope: "col" }, "Patients"),
  );
  const body = make("tbody", {});
  for (const [key, name] of kFigures) {
    body.append(
      make("tr", {}, make("th", { scope: "row" }, name), makeFigureCell(key, images), makeFigureCell(key, patients)),
    );
  }
  const caption = make(
    "caption",
    {},
    title,
    make("small", {}, `with ${intervals.method}, ${intervals.replicates} replicates`),
  );
  return make("table", { className: "figures wide", id: title === "Figures" ? "figures" : "figures-without-gates" }, caption, make("thead", {}, head), body);
}

/** @param {string} key @param {LevelEvaluation} level */
function makeFigureCell(key, level) {
  const { value, low, high, count, n } = level.figures[key];
  const cell = make("td", {});
  cell.dataset.figure = key;
  if (value === null) {
    const why = level.undefined.find(({ figure }) => figure === key)?.why ?? "";
    cell.append("undefined", make("small", {}, why));
    return cell;
  }
  cell.append(value.toFixed(3));
  const parts = [];
  if (low !== null && high !== null) parts.push(`${low.toFixed(2)}–${high.toFixed(2)}`);
  parts.push(count === undefined ? `n\u00a0=\u00a0${n}` : `${count}\u00a0of\u00a0${n}`);
  cell.append(make("small", {}, parts.join(" · ")));
  return cell;
}

/** @param {string} title @param {Evaluation} evaluation @param {LevelEvaluation} level */
function makeConfusion(title, { classes }, { confusion }) {
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, "Truth"),
    ...classes.map((name) => make("th", { scope: "col" }, `called ${name}`)),
  );
  const body = make("tbody", {});
  confusion.forEach((counts, truth) => {
    body.append(
      make(
        "tr",
        {},
        make("th", { scope: "row" }, capital(classes[truth])),
        ...counts.map((count) => make("td", {}, String(count))),
      ),
    );
  });
  return make("table", { className: "figures" }, make("caption", {}, title), make("thead", {}, head), body);
}

/** @param {LevelEvaluation} level */
function makeRoc({ roc }) {
  const details = make("details", {}, make("summary", {}, `ROC curve of images, ${roc.threshold.length} points`));
  details.ontoggle = () => {
    if (!details.open || details.childElementCount > 1) return;
    const names = ["Threshold", "False positive rate", "True positive rate"];
    const body = make("tbody", {});
    roc.threshold.forEach((threshold, index) => {
      const values = [threshold, roc.false_positive_rate[index], roc.true_positive_rate[index]];
      body.append(
        make("tr", {}, ...values.map((value) => make("td", {}, value === null ? "above all" : value.toFixed(4)))),
      );
    });
    const head = make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name)));
    const table = make("table", { className: "figures" }, make("thead", {}, head), body);
    details.append(
      make("div", { className: "roc-points", tabIndex: 0, role: "region", "aria-label": "ROC points" }, table),
    );
  };
  return details;
}
