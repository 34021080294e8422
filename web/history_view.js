// How the model in use was trained: curves drawn by the core, and their table.
import { make } from "./dom.js";
import { saveText } from "./files.js";

/**
 * @param {import("./types").ModelFacts} facts
 * @param {(history: object[]) => string} draw training curves as SVG
 */
export function makeHistory({ history }, draw) {
  if (history.length === 0) return [];
  const details = make("details", {}, make("summary", {}, `Training, ${history.length} epochs`));
  details.ontoggle = () => {
    if (!details.open || details.childElementCount > 1) return;
    const svg = draw(history);
    if (svg !== "") {
      const save = make("button", { type: "button", className: "small" }, "Save as SVG");
      save.onclick = () => saveText("training.svg", svg);
      // What the picture shows stands in the table below it.
      details.append(make("img", { src: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt: "Training curves", className: "history" }), save);
    }
    details.append(makeTable(history));
  };
  return [details];
}

/** @param {import("./types").Epoch[]} history */
function makeTable(history) {
  const hasValidation = history.some(({ val }) => val);
  const sets = hasValidation ? ["training", "validation"] : ["training"];
  const head = make("tr", {}, make("th", { scope: "col" }, "Epoch"));
  for (const set of sets) for (const figure of ["Loss", "Accuracy", "AUC"]) head.append(make("th", { scope: "col" }, `${figure}, ${set}`));
  const rows = history.map(({ epoch, best, train, val }) => {
    const row = make("tr", {}, make("th", { scope: "row" }, best && hasValidation ? `${epoch} (best)` : String(epoch)));
    for (const figures of hasValidation ? [train, val] : [train]) {
      for (const value of [figures?.loss, figures?.accuracy, figures?.auc]) row.append(make("td", {}, value == null ? "–" : value.toFixed(3)));
    }
    return row;
  });
  const table = make("table", { className: "figures" }, make("thead", {}, head), make("tbody", {}, ...rows));
  return make("div", { className: "curve-points", tabIndex: 0, role: "region", "aria-label": "Epochs" }, table);
}
