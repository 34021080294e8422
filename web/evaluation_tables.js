// Tables of an evaluation. Every figure is read from the core's evaluation.json.
import { capital } from "./call.js";
import { make } from "./dom.js";
import { kFigureNames } from "./figure_names.js";

/** @typedef {import("./types").Evaluation} Evaluation */
/** @typedef {import("./types").LevelEvaluation} LevelEvaluation */

/**
 * @param {string} title
 * @param {{images: LevelEvaluation, patients: LevelEvaluation}} levels
 * @param {Evaluation["intervals"]} intervals
 */
export function makeFigures(title, { images, patients }, intervals) {
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, "Figure"),
    make("th", { scope: "col" }, "Images"),
    make("th", { scope: "col" }, "Patients"),
  );
  const body = make("tbody", {});
  for (const [key, name] of kFigureNames) {
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

/**
 * @param {string} title
 * @param {Evaluation} evaluation
 * @param {LevelEvaluation} level
 * @param {((label: string, predicted: string) => void) | null} onCell a cell was chosen; null: they are no buttons
 */
export function makeConfusion(title, { classes }, { confusion }, onCell) {
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, "Truth"),
    ...classes.map((name) => make("th", { scope: "col" }, `called ${name}`)),
  );
  const body = make("tbody", {});
  confusion.forEach((counts, truth) => {
    const cells = counts.map((count, call) => {
      if (!onCell || count === 0) return make("td", {}, String(count));
      const words = `List the ${count} of ${classes[truth]} called ${classes[call]}`;
      const button = make("button", { type: "button", className: "cell", "aria-label": words, title: words }, String(count));
      button.onclick = () => onCell(classes[truth], classes[call]);
      return make("td", {}, button);
    });
    body.append(make("tr", {}, make("th", { scope: "row" }, capital(classes[truth])), ...cells));
  });
  return make("table", { className: "figures" }, make("caption", {}, title), make("thead", {}, head), body);
}

/**
 * A table a field: how the model does at each magnification, subtype and source.
 * @param {Evaluation["subsets"]} subsets
 */
export function makeSubsets(subsets) {
  const fields = [...new Set(subsets.map(({ field }) => field))];
  const figures = ["accuracy", "recall", "specificity", "auc"];
  return fields.map((field) => {
    const head = make(
      "tr",
      {},
      ...[capital(field), "Images", "Accuracy", "Recall", "Specificity", "AUC"].map((name) => make("th", { scope: "col" }, name)),
    );
    const rows = subsets
      .filter((subset) => subset.field === field)
      .map(({ value, images }) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, field === "magnification" ? `${value}X` : value.replaceAll("_", " ")),
          make("td", {}, String(images.n)),
          ...figures.map((key) => makeSubsetCell(images.figures[key])),
        ),
      );
    return make(
      "table",
      { className: "figures subsets", id: `by-${field}` },
      make("caption", {}, `By ${field}, images`),
      make("thead", {}, head),
      make("tbody", {}, ...rows),
    );
  });
}

/** @param {import("./types").FigureValue} figure */
function makeSubsetCell({ value, low, high }) {
  if (value === null) return make("td", { className: "quiet" }, "–");
  const interval = low !== null && high !== null ? make("small", {}, `${low.toFixed(2)}–${high.toFixed(2)}`) : "";
  return make("td", {}, value.toFixed(2), interval);
}

/**
 * A curve's points and its intervals, made when they are asked for.
 * @param {string} title
 * @param {Record<string, (number | null)[]>} columns
 * @param {Record<string, (number | null)[]> | null} band
 */
export function makeCurve(title, columns, band) {
  const points = Object.values(columns)[0].length;
  const details = make("details", {}, make("summary", {}, `${title} of images, ${points} points`));
  details.ontoggle = () => {
    if (!details.open || details.childElementCount > 1) return;
    const tables = [makeColumns(columns), ...(band ? [makeColumns(band)] : [])];
    details.append(
      make("div", { className: "curve-points", tabIndex: 0, role: "region", "aria-label": `${title}, points` }, ...tables),
    );
  };
  return details;
}

/** @param {Record<string, (number | null)[]>} columns */
function makeColumns(columns) {
  const lists = Object.entries(columns);
  const body = make("tbody", {});
  for (let index = 0; index < lists[0][1].length; index += 1) {
    const cells = lists.map(([name, list]) => {
      const value = list[index];
      if (value === null) return make("td", {}, name === "Threshold" ? "above all" : "–");
      return make("td", {}, Number.isInteger(value) ? String(value) : value.toFixed(4));
    });
    body.append(make("tr", {}, ...cells));
  }
  const head = make("tr", {}, ...lists.map(([name]) => make("th", { scope: "col" }, name)));
  return make("table", { className: "figures" }, make("thead", {}, head), body);
}
