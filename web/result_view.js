// The selected case: the call first, then its probability between the thresholds, then what it rests on.
import { capital, kindOf, makeShape, probabilityText, wordOf } from "./call.js";
import { byId, make, makeCopyButton, makeFacts, makeResearchNotice } from "./dom.js";
import { nextStep } from "./errors.js";
import { makeQualityAdvice, makeQualityFigures } from "./quality_view.js";

/** @typedef {import("./types").CaseDetail} CaseDetail */
/** @typedef {import("./types").PatientRow} PatientRow */
/** @typedef {import("./types").SessionState} SessionState */

export class ResultView {
  /**
   * @param {{
   *   onLabel: (label: string) => void,
   *   onRemove: (caseId: number) => void,
   *   onPixelSize: (caseId: number, micrometres: number) => void,
   *   onUseTissueModel: () => void,
   * }} actions onLabel: for all cases that are chosen
   */
  constructor(actions) {
    this.actions = actions;
    this.root = byId("result", HTMLElement);
    this.shows = "";
  }

  /**
   * @param {CaseDetail | null} detail
   * @param {PatientRow | undefined} patient
   * @param {SessionState} state
   * @param {boolean} isSyntheticModel the model in use was trained on drawn tissue alone
   * @param {number} chosen so many cases are labelled together
   */
  update(detail, patient, state, isSyntheticModel, chosen) {
    const shows = JSON.stringify([
      detail,
      patient,
      state.threshold_low,
      state.threshold_high,
      state.classes,
      isSyntheticModel,
      state.reads_first,
      chosen,
    ]);
    if (shows === this.shows) return;
    this.shows = shows;
    const focused = this.root.contains(document.activeElement) ? document.activeElement?.id : "";
    if (!detail) {
      this.root.replaceChildren(make("p", { className: "quiet" }, "Select a case to see its result."));
      return;
    }
    this.root.replaceChildren(
      makeCall(detail),
      ...(state.reads_first && detail.reading_first === "" && detail.state !== "failed" ? [makePrompt()] : []),
      ...(detail.state === "failed" ? [makeFailure(detail)] : []),
      ...(detail.reason ? [makeReason(detail)] : []),
      ...(detail.state === "done" && detail.p !== null && !detail.refused ? [makeBar(detail.p, state)] : []),
      ...(detail.state === "done" && isSyntheticModel !== isSynthetic(detail)
        ? [this.makeOriginWarning(isSyntheticModel)]
        : []),
      ...(detail.in_training ? [makeTrainingMark()] : []),
      ...(detail.quality && !detail.quality.passed && !detail.refused ? [makeQualityAdvice(detail.quality)] : []),
      this.makeLabels(detail, state, chosen),
      ...(patient && patient.call !== "" && detail.patient !== "" && patient.images > 1 ? [makePatient(patient)] : []),
      ...(detail.quality ? [makeQualityFigures(detail.quality)] : []),
      makeDetails(detail, state, (micrometres) => this.actions.onPixelSize(detail.id, micrometres)),
      this.makeRemove(detail),
      makeResearchNotice(),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  /** @param {CaseDetail} detail @param {SessionState} state @param {number} chosen */
  makeLabels(detail, state, chosen) {
    const { reads_first } = state;
    const given = reads_first ? detail.reading_after || detail.reading_first : detail.label;
    const isOffered = (/** @type {string} */ label) => !reads_first || label !== "" || detail.reading_after !== "";
    const choices = labelChoices(state).filter(({ label }) => isOffered(label));
    const buttons = choices.map(({ label, name, key }) => {
      const button = make(
        "button",
        { type: "button", id: `label-${label}`, "aria-pressed": given === label },
        `${name} `,
        key ? make("kbd", {}, key) : null,
      );
      button.onclick = () => this.actions.onLabel(label);
      return button;
    });
    const title = reads_first ? "Your reading" : "Your label";
    return make(
      "section",
      { "aria-label": "Label" },
      make("h3", {}, chosen > 1 ? `${title}, ${chosen} selected` : title),
      make("div", { className: "label-buttons" }, ...buttons),
      reads_first && detail.reading_first !== "" ? makeFirstReading(detail) : null,
    );
  }

  /**
   * Drawn tissue and real tissue have nothing to say to each other's models.
   * @param {boolean} isSyntheticModel
   */
  makeOriginWarning(isSyntheticModel) {
    const warning = make("div", { className: "reason", role: "note", id: "origin-warning" });
    if (isSyntheticModel) {
      const button = make("button", { type: "button", className: "small", id: "use-tissue-model" }, "Use the model of real tissue");
      button.onclick = () => this.actions.onUseTissueModel();
      warning.append(
        make("p", {}, "This model was trained on drawn tissue only. Its answer on a real image means nothing."),
        button,
      );
    } else {
      warning.append(
        make("p", {}, "This tissue is drawn, and the model was trained on real tissue. Its answer here means nothing."),
      );
    }
    return warning;
  }

  /** @param {CaseDetail} detail */
  makeRemove(detail) {
    const button = make("button", { type: "button", id: "remove-case", className: "small" }, "Remove this case");
    button.onclick = () => this.actions.onRemove(detail.id);
    return button;
  }
}

/**
 * The labels a case can have, with their keys. B is the negative class and M the positive one, whatever they are called.
 * @param {SessionState} state
 */
export function labelChoices({ classes, positive, reads_first }) {
  const choices = classes.map((name) => {
    const key = classes.length === 2 ? (name === positive ? "M" : "B") : "";
    return { label: name, name: capital(name), key };
  });
  return [...choices, { label: "", name: reads_first ? "As at first" : "None", key: "U" }];
}

/** @param {CaseDetail} detail */
function makeCall(detail) {
  const kind = kindOf(detail);
  const line = make("h2", { className: `call-line call-${kind}`, id: "call" });
  line.append(makeShape(kind), make("span", {}, wordOf(detail)));
  return make("div", {}, line);
}

function makePrompt() {
  return make("p", { id: "read-prompt" }, "Label it to see the call.");
}

/** @param {CaseDetail} detail whose call may be seen, once it is there */
function makeFirstReading({ reading_first, state }) {
  const rest = state === "done" ? "Change it if the call changes your mind." : "The call is not here yet.";
  return make("p", { className: "quiet", id: "first-reading" }, `At first: ${reading_first}. ${rest}`);
}

function makeTrainingMark() {
  return make(
    "div",
    { className: "reason", role: "note", id: "training-mark" },
    make("p", {}, make("b", {}, "In this model's training")),
    make("p", {}, "The model learned from this patient, so its answer here is no test of it."),
  );
}

/** @param {CaseDetail} detail */
function makeFailure(detail) {
  const cause = detail.error ?? "";
  const step = nextStep(cause);
  return make(
    "div",
    { className: "reason", role: "note" },
    make("p", {}, make("b", {}, detail.name)),
    make("p", {}, `${capital(cause)}.`),
    make("p", { className: "quiet" }, step),
    makeCopyButton(`${detail.name}: ${cause}. ${step}`, "this message"),
  );
}

/**
 * Drawn by `lobule phantom`, whose file names say so.
 * @param {CaseDetail} detail
 */
function isSynthetic({ sample, path }) {
  return sample || /(^|\/)PHANTOM_[^/]*$/.test(path);
}

/** @param {CaseDetail} detail */
function makeReason(detail) {
  return make("div", { className: "reason", role: "note" }, make("p", {}, detail.reason));
}

/**
 * p(positive) between both thresholds.
 * @param {number} p
 * @param {SessionState} state
 */
function makeBar(p, { threshold_low: low, threshold_high: high, positive }) {
  const bar = make("div", { className: "bar", role: "img" });
  const isOne = low === high;
  const limits = isOne ? `threshold ${low.toFixed(2)}` : `thresholds ${low.toFixed(2)} and ${high.toFixed(2)}`;
  bar.setAttribute("aria-label", `probability ${probabilityText(p)}, ${limits}`);
  bar.append(make("div", { className: "bar-track" }));
  if (!isOne) {
    const undecided = make("div", { className: "bar-undecided" });
    undecided.style.left = `${100 * low}%`;
    undecided.style.width = `${100 * (high - low)}%`;
    bar.append(undecided);
  }
  for (const threshold of isOne ? [low] : [low, high]) {
    const mark = make("div", { className: "bar-threshold" }, make("span", {}, threshold.toFixed(2)));
    mark.style.left = `${100 * threshold}%`;
    bar.append(mark);
  }
  const value = make("div", { className: "bar-value" });
  value.style.left = `${100 * p}%`;
  bar.append(value);
  const figure = make(
    "p",
    { className: "call-figure" },
    `Probability of ${positive} `,
    make("b", { id: "probability" }, probabilityText(p)),
  );
  return make("div", {}, figure, bar);
}

/** @param {PatientRow} patient */
function makePatient({ patient, images, images_refused, call, call_name, p }) {
  const line = make("p", { className: `case-call call-${call}` });
  line.append(makeShape(call), `${capital(call_name)} ${p === null ? "" : probabilityText(p)}`);
  const count = make("p", { className: "quiet" }, images_refused === 0 ? `mean of ${images} images` : `mean of ${images - images_refused} images; ${images_refused} of ${images} refused`);
  return make("section", { "aria-label": "Patient" }, make("h3", {}, `Patient ${patient}`), line, count);
}

/**
 * Micrometres a pixel, which the scale bar is drawn by: BreaKHis' own, or what a person says.
 * @param {CaseDetail} detail
 * @param {(micrometres: number) => void} onPixelSize
 */
function makePixelSize({ pixel_size, breakhis_pixel_size }, onPixelSize) {
  if (breakhis_pixel_size > 0) return `${breakhis_pixel_size.toFixed(2)} µm (BreaKHis)`;
  const input = make("input", { type: "number", id: "pixel-size", min: "0.001", max: "1000", step: "any", "aria-label": "Micrometres per pixel" });
  input.placeholder = "not known";
  if (pixel_size > 0) input.value = String(pixel_size);
  input.onchange = () => {
    if (input.reportValidity()) onPixelSize(input.value === "" ? 0 : input.valueAsNumber);
  };
  return make("span", { className: "pixel-size" }, input, "µm");
}

/**
 * @param {CaseDetail} detail
 * @param {SessionState} state
 * @param {(micrometres: number) => void} onPixelSize
 */
function makeDetails(detail, { reads_first }, onPixelSize) {
  /** @type {[string, Node | string][]} */
  const facts = [["File", reads_first ? `${detail.name} (its name is hidden)` : detail.path]];
  if (!reads_first && detail.reading_first !== "") facts.push(["Read first", detail.reading_first]);
  if (!reads_first && detail.reading_after !== "") facts.push(["With the call", detail.reading_after]);
  if (detail.sample) facts.push(["Source", "Synthetic: drawn by lobule, not tissue"]);
  if (detail.patient !== "") facts.push(["Patient", detail.patient]);
  if (detail.magnification > 0) facts.push(["Magnification", `${detail.magnification}X`]);
  if (detail.width > 0) facts.push(["Size", `${detail.width} × ${detail.height} pixels`]);
  if (detail.width > 0) facts.push(["Pixel size", makePixelSize(detail, onPixelSize)]);
  if (detail.baseline_call_name) {
    const p = detail.baseline_p === null || detail.baseline_p === undefined ? "" : ` ${probabilityText(detail.baseline_p)}`;
    facts.push(["Other model", `${detail.baseline_call_name}${p}`]);
  }
  if (detail.milliseconds > 0) facts.push(["Time", `${Math.round(detail.milliseconds)} ms`]);
  if (detail.tensor_sha256) {
    const hash = make(
      "span",
      { className: "hash" },
      make("span", { title: detail.tensor_sha256 }, detail.tensor_sha256.slice(0, 12)),
    );
    hash.append(makeCopyButton(detail.tensor_sha256, "the tensor's SHA-256"));
    facts.push(["Tensor SHA-256", hash]);
  }
  return make("section", { "aria-label": "Details" }, makeFacts(facts));
}
