// Which cases the list shows, and in which order: the row above it, and the panel behind "More".
import { capital } from "./call.js";
import { byId, make } from "./dom.js";

/** @typedef {import("./types").CaseFilter} CaseFilter */
/** @typedef {import("./types").SessionState} SessionState */

const kUnlabelled = "(none)"; // as case_filter.h has it

const kOrders = [
  ["patient", "By patient"],
  ["name", "By name"],
  ["most_positive", ""],
  ["least_sure", "Least sure first"],
];

export class CaseFilterView {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.text = byId("filter-text", HTMLInputElement);
    this.call = byId("filter-call", HTMLSelectElement);
    this.order = byId("filter-order", HTMLSelectElement);
    this.label = byId("filter-label", HTMLSelectElement);
    this.magnification = byId("filter-magnification", HTMLSelectElement);
    this.low = byId("filter-low", HTMLInputElement);
    this.high = byId("filter-high", HTMLInputElement);
    this.training = byId("filter-training", HTMLSelectElement);
    this.line = byId("filter-line", HTMLElement);
    /** @type {string} a column of the confusion matrix, from a click there */
    this.predicted = "";
    this.shows = "";
    this.readsFirst = false;
    for (const control of [this.text, this.call, this.order, this.label, this.magnification, this.low, this.high, this.training]) {
      control.addEventListener(control === this.text ? "input" : "change", () => this.change());
    }
    byId("filter-reset", HTMLButtonElement).onclick = () => this.showOnly({});
    byId("filter-all", HTMLButtonElement).onclick = () => this.showOnly({});
  }

  change() {
    this.onChange();
    this.describe();
  }

  /** @returns {CaseFilter} */
  filter() {
    const special = ["wrong", "copies", "changed"].includes(this.call.value);
    return {
      text: this.text.value,
      call: special ? "" : this.call.value,
      wrong_only: this.call.value === "wrong",
      copies_only: this.call.value === "copies",
      changed_only: this.call.value === "changed",
      label: this.label.value,
      predicted: this.predicted,
      magnification: Number(this.magnification.value),
      p_low: within(this.low.valueAsNumber, 0),
      p_high: within(this.high.valueAsNumber, 1),
      training: this.training.value,
      order: this.readsFirst ? "patient" : this.order.value || "patient",
    };
  }

  /**
   * Exactly these cases; what is not named is not filtered by. The order stays.
   * @param {Partial<CaseFilter>} filter
   */
  showOnly(filter) {
    this.text.value = filter.text ?? "";
    const special = filter.wrong_only ? "wrong" : filter.copies_only ? "copies" : filter.changed_only ? "changed" : "";
    this.call.value = special || (filter.call ?? "");
    this.label.value = filter.label ?? "";
    this.predicted = filter.predicted ?? "";
    this.magnification.value = String(filter.magnification ?? 0);
    this.low.value = filter.p_low === undefined ? "" : String(filter.p_low);
    this.high.value = filter.p_high === undefined ? "" : String(filter.p_high);
    this.training.value = filter.training ?? "";
    this.change();
  }

  /** @param {SessionState} state */
  update({ classes, positive, magnifications, copies, in_training, reads_first, has_baseline }) {
    const shows = JSON.stringify([classes, positive, magnifications, copies > 0, in_training > 0, reads_first, has_baseline]);
    if (shows === this.shows) return;
    this.shows = shows;
    this.readsFirst = reads_first;
    if (reads_first) this.forgetAnswers();
    const answers = [this.label, this.order, this.low];
    for (const control of answers) hideRow(control, reads_first);
    hideRow(this.training, in_training === 0 || reads_first);
    if (in_training === 0) this.training.value = "";
    const negative = classes.length === 2 ? (classes.find((name) => name !== positive) ?? "") : `not ${positive}`;
    const calls = [
      ["positive", positive],
      ["negative", negative],
      ["no_result", "no result"],
      ["wrong", "called wrong"],
    ];
    fill(this.call, [
      ["", "All"],
      ...(reads_first ? [["unread", "unread"]] : calls),
      ["failed", reads_first ? "file not read" : "not read"],
      ["waiting", "waiting"],
      ...(copies > 0 ? [["copies", "copies of others"]] : []),
      ...(has_baseline && !reads_first ? [["changed", "called otherwise by the other model"]] : []),
    ]);
    fill(
      this.order,
      kOrders.map(([value, name]) => [value, name || `Most ${positive} first`]),
    );
    fill(this.label, [["", "Any label"], ...classes.map((name) => [name, capital(name)]), [kUnlabelled, "Not labelled"]]);
    fill(this.magnification, [["0", "Any magnification"], ...magnifications.map((value) => [String(value), `${value}X`])]);
    byId("filter-probability", HTMLElement).textContent = `Probability of ${positive}`;
    this.describe();
  }

  /** What the list cannot be narrowed by while calls and labels are hidden. */
  forgetAnswers() {
    this.label.value = this.predicted = this.low.value = this.high.value = this.training.value = "";
  }

  /** What narrows the list from behind "More", in words, with the way out. */
  describe() {
    const { label, predicted, magnification, p_low, p_high, training } = this.filter();
    const parts = [
      label === "" ? "" : label === kUnlabelled ? "not labelled" : `label ${label}`,
      predicted === "" ? "" : `called ${predicted}`,
      magnification === 0 ? "" : `${magnification}X`,
      training === "" ? "" : training === "in" ? "in training" : "not in training",
      p_low > 0 || p_high < 1 ? `probability ${p_low.toFixed(2)} to ${p_high.toFixed(2)}` : "",
    ].filter((part) => part !== "");
    this.line.hidden = parts.length === 0;
    byId("filter-words", HTMLElement).textContent = parts.join(" · ");
  }
}

/** @param {number} value @param {number} otherwise what an empty field means */
function within(value, otherwise) {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : otherwise;
}

/**
 * @param {HTMLSelectElement} select keeps its choice where that is still one
 * @param {string[][]} options value and name
 */
function fill(select, options) {
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, name]) => make("option", { value }, name)));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

/** @param {HTMLElement} control @param {boolean} isHidden */
function hideRow(control, isHidden) {
  const row = control.closest("fieldset") ?? control.closest("label");
  if (row) row.hidden = isHidden;
}
