// The reader alone, the model alone, and the reader with the model. Every figure is read from the core's reading.json.
import { make, makeFacts } from "./dom.js";
import { kFigureNames } from "./figure_names.js";

/** @typedef {import("./types").Estimate} Estimate */
/** @typedef {import("./types").ReadingEvaluation} ReadingEvaluation */

/** A reader gives calls and no probabilities, so these are what can be said of all three. */
const kFigures = ["accuracy", "recall", "specificity", "precision", "f1"];

/** @param {ReadingEvaluation} evaluation */
export function makeReadingTables(evaluation) {
  return make(
    "section",
    { "aria-label": "Reader and model", id: "reading" },
    make("h3", {}, "Reader and model"),
    make("p", { className: "quiet" }, countLine(evaluation)),
    makeSides(evaluation),
    makeGain(evaluation),
    makeFacts(changesOf(evaluation)),
  );
}

/** @param {ReadingEvaluation} evaluation */
function countLine({ images, positives, positive, patients, unlabelled, model, intervals }) {
  const parts = [`${images} images read (${positives} ${positive})`, `${patients} patients`];
  if (model.no_result > 0) parts.push(`the model gave no result for ${model.no_result}`);
  if (unlabelled > 0) parts.push(`${unlabelled} more read, whose truth is not known`);
  return `${parts.join(" · ")}. Intervals: ${intervals.method}, ${intervals.replicates} replicates.`;
}

/** @param {ReadingEvaluation} evaluation */
function makeSides({ reader, model, reader_with_model }) {
  const rows = kFigures.map((key) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, kFigureNames.get(key) ?? key),
      ...[reader, model, reader_with_model].map(({ figures }) => makeFigure(figures[key])),
    ),
  );
  return makeTable("Reader, model, and reader with the model", ["Figure", "Reader", "Model", "Reader with model"], rows);
}

/** @param {ReadingEvaluation} evaluation */
function makeGain({ gain }) {
  const rows = kFigures.map((key) => {
    const { value, low, high } = gain[key];
    const interval = low === null || high === null ? "" : `${signed(low, 2)} to ${signed(high, 2)}`;
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, kFigureNames.get(key) ?? key),
      make("td", {}, value === null ? "undefined" : signed(value, 3)),
      make("td", {}, interval),
    );
  });
  return makeTable("What the model changed: reader with model minus reader", ["Figure", "Difference", "95 % interval"], rows);
}

/**
 * @param {ReadingEvaluation} evaluation
 * @returns {[string, string][]}
 */
function changesOf({ images, changed, kappa }) {
  return [
    ["Readings changed", `${changed.n} of ${images}`],
    ["From wrong to right", String(changed.wrong_to_right)],
    ["From right to wrong", String(changed.right_to_wrong)],
    ["Kappa, reader and model", kappaText(kappa.reader)],
    ["Kappa, once the call was known", kappaText(kappa.reader_with_model)],
  ];
}

/** @param {Estimate & {count: number, n: number}} kappa */
function kappaText({ value, low, high, count, n }) {
  const agreed = `${count} of ${n} alike`;
  if (value === null) return `undefined (${agreed})`;
  const interval = low === null || high === null ? "" : `, ${withMinus(low)} to ${withMinus(high)}`;
  return `${withMinus(value)}${interval} (${agreed})`;
}

/** @param {string} caption @param {string[]} columns @param {HTMLElement[]} rows */
function makeTable(caption, columns, rows) {
  const head = make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, name)));
  return make(
    "table",
    { className: "figures wide" },
    make("caption", {}, caption),
    make("thead", {}, head),
    make("tbody", {}, ...rows),
  );
}

/** @param {import("./types").FigureValue & {why?: string}} figure */
function makeFigure({ value, low, high, count, n, why }) {
  if (value === null) return make("td", {}, "undefined", make("small", {}, why ?? ""));
  const interval = low === null || high === null ? null : make("small", {}, `${low.toFixed(2)}–${high.toFixed(2)}`);
  return make("td", {}, value.toFixed(3), interval, make("small", {}, count === undefined ? `n = ${n}` : `${count} of ${n}`));
}

/** @param {number} value */
function withMinus(value) {
  return value.toFixed(2).replace("-", "−");
}

/** @param {number} value @param {number} digits */
function signed(value, digits) {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}
