// The model in use against another one's predictions of the same images: figures side by side, their differences, and whose calls were right.
import { make } from "./dom.js";

/** @typedef {import("./types").BaselineComparison} BaselineComparison */
/** @typedef {import("./types").Estimate} Estimate */
/** @typedef {import("./types").PairedCalls} PairedCalls */

const kDecimals = 4; // of a p-value

/**
 * @param {BaselineComparison | null} baseline null: there is none
 * @param {{onChoose: () => void, onClear: () => void, onShowChanged: () => void}} actions
 */
export function makeComparison(baseline, { onChoose, onClear, onShowChanged }) {
  const choose = make("button", { type: "button", id: "choose-baseline" }, baseline ? "Another table" : "Choose a predictions.csv");
  choose.onclick = onChoose;
  const section = make("section", { id: "comparison", "aria-label": "Comparison" }, make("h3", {}, "Compared with another model"));
  if (!baseline) {
    section.append(
      make(
        "p",
        { className: "quiet" },
        "Open another model and these images are classified again; what the first one said stays here to be compared with. Or choose the predictions.csv of a model.",
      ),
      make("div", { className: "buttons" }, choose),
    );
    return section;
  }
  const clear = make("button", { type: "button", id: "clear-baseline" }, "Stop comparing");
  clear.onclick = onClear;
  const digest = baseline.digest ? `, ${baseline.digest.slice(0, 7)}` : "";
  section.append(make("p", { id: "baseline-name" }, "With ", make("b", {}, baseline.name), `${digest}: ${baseline.images} images.`));
  if (baseline.comparison) section.append(...makeCompared(baseline, onShowChanged));
  else section.append(make("p", { className: "quiet", role: "note" }, `Nothing to compare: ${baseline.problem}.`));
  section.append(make("div", { className: "buttons" }, choose, clear));
  return section;
}

/**
 * @param {BaselineComparison} baseline
 * @param {() => void} onShowChanged
 */
function makeCompared({ comparison, name, only_in_session, only_in_baseline, changed }, onShowChanged) {
  if (!comparison) return [];
  const notes = [`${comparison.images} labelled images of ${comparison.patients} patients that both have`];
  if (only_in_session > 0) notes.push(`${only_in_session} that ${name} does not have are left out`);
  if (only_in_baseline > 0) notes.push(`${only_in_baseline} are not open here`);
  const head = make(
    "tr",
    {},
    ...["Figure", "This model", name, "Difference"].map((text) => make("th", { scope: "col" }, text)),
  );
  const rows = Object.entries(comparison.figures).map(([key, { title, a, b, difference }]) => {
    const row = make("tr", {}, make("th", { scope: "row" }, title), makeCell(a, false), makeCell(b, false), makeCell(difference, true));
    row.dataset.figure = key;
    return row;
  });
  const table = make(
    "table",
    { className: "figures compared" },
    make("caption", {}, "Figures", make("small", {}, comparison.intervals.method)),
    make("thead", {}, head),
    make("tbody", {}, ...rows),
  );
  const list = make("button", { type: "button", id: "show-changed", disabled: changed === 0 }, `List the ${changed} called otherwise`);
  list.onclick = onShowChanged;
  return [
    make("p", { className: "quiet" }, `${notes.join("; ")}.`),
    table,
    makeCalls("Images' calls", comparison.image_calls),
    makeCalls("Patients' calls", comparison.patient_calls),
    make(
      "p",
      { className: "quiet" },
      "McNemar's test takes cases to be independent. Patients are; images of one patient are not, so that their p-value is too small: trust the intervals.",
    ),
    make("div", { className: "buttons" }, list),
  ];
}

/** @param {Estimate} estimate @param {boolean} isSigned */
function makeCell({ value, low, high }, isSigned) {
  if (value === null) return make("td", { className: "quiet" }, "undefined");
  const text = (/** @type {number} */ number, /** @type {number} */ decimals) =>
    (isSigned && number >= 0 ? "+" : "") + number.toFixed(decimals).replace("-", "−");
  const interval = low !== null && high !== null ? make("small", {}, isSigned ? `${text(low, 2)} to ${text(high, 2)}` : `${low.toFixed(2)}–${high.toFixed(2)}`) : "";
  return make("td", {}, text(value, 3), interval);
}

/** @param {string} title @param {PairedCalls | null} calls */
function makeCalls(title, calls) {
  if (!calls) return "";
  const facts = [
    ["Both right", calls.both_right],
    ["This model alone right", calls.only_a],
    ["The other alone right", calls.only_b],
    ["Neither right", calls.neither],
    ...(calls.undecided > 0 ? [["Not decided by both", calls.undecided]] : []),
    ["McNemar's exact p", calls.p_value < 10 ** -kDecimals ? `< ${10 ** -kDecimals}` : calls.p_value.toFixed(kDecimals)],
  ];
  const rows = facts.map(([name, value]) => make("tr", {}, make("th", { scope: "row" }, String(name)), make("td", {}, String(value))));
  return make("table", { className: "figures calls" }, make("caption", {}, title), make("tbody", {}, ...rows));
}
