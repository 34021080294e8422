// The charts' numbers as tables, and the charts as files.
import { makeChartButtons } from "./chart_saving.js";
import { make } from "./dom.js";
import { makeCurve } from "./evaluation_tables.js";

/**
 * @param {import("./types").LevelEvaluation} images
 * @param {(chart: string, format: import("./chart_saving.js").ChartFormat) => void} onSave
 */
export function makeCharts(images, onSave) {
  const section = make("section", { className: "charts", "aria-label": "Charts as tables and files" }, make("h3", {}, "Charts, images"));
  for (const { chart, title, columns, band } of chartTables(images)) {
    const table = columns ? makeCurve(title, columns, band ?? null) : make("p", {}, title);
    section.append(make("div", { className: "chart-row" }, table, makeChartButtons(chart, title, onSave)));
  }
  return section;
}

/**
 * @param {import("./types").LevelEvaluation} images
 * @returns {{chart: string, title: string, columns: Record<string, (number | null)[]> | null, band?: Record<string, (number | null)[]> | null}[]} chart: see
 * kChartNames of the core
 */
function chartTables({ roc, pr, reliability, decision }) {
  return [
    {
      chart: "roc",
      title: "ROC curve",
      columns: {
        Threshold: roc.threshold,
        "False positive rate": roc.false_positive_rate,
        "True positive rate": roc.true_positive_rate,
      },
      band: bandColumns(roc.band, "False positive rate", "true positive rate"),
    },
    {
      chart: "precision_recall",
      title: "Precision and recall",
      columns: { Threshold: pr.threshold, Precision: pr.precision, Recall: pr.recall },
      band: bandColumns(pr.band, "Recall", "precision"),
    },
    {
      chart: "reliability",
      title: "Reliability",
      columns: {
        From: reliability.map(({ low }) => low),
        Images: reliability.map(({ n }) => n),
        "Mean probability": reliability.map(({ mean_probability }) => mean_probability),
        "Positive rate": reliability.map(({ positive_rate }) => positive_rate),
        "Lowest of 95 %": reliability.map(({ rate_low }) => rate_low ?? null),
        "Highest of 95 %": reliability.map(({ rate_high }) => rate_high ?? null),
      },
    },
    {
      chart: "decision_curve",
      title: "Decision curve",
      columns: { Threshold: decision.threshold, "Net benefit": decision.net_benefit, "If all are called": decision.call_all },
      band: bandColumns(decision.band, "Threshold", "net benefit"),
    },
    { chart: "histogram", title: "Histogram of probabilities", columns: null },
    { chart: "confusion_matrix", title: "Confusion matrix", columns: null },
  ];
}

/**
 * @param {import("./types").CurveBand | undefined} band
 * @param {string} place
 * @param {string} height
 */
function bandColumns(band, place, height) {
  return band ? { [place]: band.at, [`Lowest ${height} of 95 %`]: band.low, [`Highest ${height} of 95 %`]: band.high } : null;
}
