// The model in use: chip in the top bar, its facts behind it, its card on the first screen.
import { byId, make, makeCopyButton, makeFacts, makeResearchNotice } from "./dom.js";
import { makeHistory } from "./history_view.js";

/** @typedef {import("./types").ModelFacts} ModelFacts */

export class ModelView {
  /**
   * @param {Record<string, {title: string}>} shipped
   * @param {(key: string) => void} onUse one of them is to be used
   * @param {(history: object[]) => string} drawHistory training curves as SVG
   */
  constructor(shipped, onUse, drawHistory) {
    this.drawHistory = drawHistory;
    this.shipped = shipped;
    this.onUse = onUse;
    this.chip = byId("model-chip", HTMLButtonElement);
    this.name = byId("model-name", HTMLElement);
    this.tick = byId("model-tick", SVGSVGElement);
  }

  /** @param {string} text what happens to the model at the moment */
  busy(text) {
    this.name.textContent = text;
  }

  /** @param {ModelFacts | null} facts */
  update(facts) {
    this.chip.disabled = facts === null;
    this.tick.toggleAttribute("hidden", facts === null);
    this.name.textContent = facts?.name ?? "No model";
    byId("model-figure", HTMLElement).textContent = facts ? (headline(facts)[0] ?? "") : "";
    byId("model-digest", HTMLElement).textContent = facts?.digest.slice(0, 7) ?? "";
    if (!facts) return;
    byId("model-facts", HTMLElement).replaceChildren(
      ...makeModelFacts(facts),
      ...makeHistory(facts, this.drawHistory),
      ...this.makeShippedModels(),
      makeResearchNotice(),
    );
  }

  makeShippedModels() {
    const buttons = Object.entries(this.shipped).map(([key, { title }]) => {
      const button = make("button", { type: "button", className: "small", id: `use-${key}` }, title);
      button.onclick = () => {
        byId("model-facts", HTMLElement).hidePopover();
        this.onUse(key);
      };
      return button;
    });
    return [
      make("h3", {}, "Use another model"),
      make("div", { className: "buttons" }, ...buttons),
      make("p", { className: "quiet" }, "Or drop a lobule model (.onnx) of your own anywhere."),
    ];
  }

  /** @param {ModelFacts} facts the model that ships */
  card(facts) {
    const figures = headline(facts);
    byId("start-model", HTMLElement).replaceChildren(
      make("p", {}, make("b", {}, facts.name)),
      make("p", {}, figures.length > 0 ? figures.join(" · ") : "Its file carries no evaluation."),
      make(
        "p",
        { className: "quiet" },
        `${testedOn(facts)}${facts.input.width} × ${facts.input.height} pixels, ${count(facts.parameters)} parameters. `,
        "Its answers were checked on this machine.",
      ),
      make(
        "p",
        { className: "quiet" },
        ...(learnedFromDrawings(facts)
          ? ["It was trained on drawn tissue, to show how the program works: its answer on a real image means nothing. "]
          : []),
        "Drop a model of your own (.onnx) to use that.",
      ),
    );
  }

  /** @param {string} cause why the model that ships could not be used */
  cardFailure(cause) {
    byId("start-model", HTMLElement).replaceChildren(
      make("p", {}, `It could not be opened: ${cause}. Drop a lobule model (.onnx) here.`),
    );
  }
}

/**
 * Whether every image behind a model was drawn by `lobule phantom`: its answer on tissue then means nothing.
 * @param {ModelFacts} facts
 */
export function learnedFromDrawings({ training }) {
  return /** @type {any} */ (training).data?.synthetic === true;
}

/**
 * The summary's figures that people ask for first.
 * @param {ModelFacts} facts
 */
function headline({ evaluation }) {
  const wanted = [
    ["auc", "AUC"],
    ["accuracy", "accuracy"],
    ["recall", "recall"],
    ["specificity", "specificity"],
  ];
  return wanted.flatMap(([key, name]) => {
    const figure = summaryFigure(evaluation, key);
    return figure === null ? [] : [`${name} ${shareText(figure)}`];
  });
}

/**
 * Two digits, but never 1.00 for what is less.
 * @param {number} share
 */
function shareText(share) {
  return share < 1 && share >= 0.995 ? "> 0.99" : share.toFixed(2);
}

/**
 * A figure of the evaluation that a model file carries: evaluation.json without its curves.
 * @param {Record<string, any>} evaluation
 * @param {string} key
 * @returns {number | null}
 */
function summaryFigure(evaluation, key) {
  const all = evaluation.without_gates?.images ?? evaluation.images; // as if none had been refused
  return all?.figures?.[key]?.value ?? null;
}

/** @param {ModelFacts} facts */
function testedOn({ evaluation }) {
  const images = /** @type {any} */ (evaluation).images?.n;
  // Figures of patients leave out those whose images have several labels; older files do not count them.
  const patients = /** @type {any} */ (evaluation).patient_count ?? /** @type {any} */ (evaluation).patients?.n;
  if (typeof images !== "number" || typeof patients !== "number") return "";
  const folds = /** @type {any} */ (evaluation).folds;
  const refused = /** @type {any} */ (evaluation).images.refused ?? 0;
  const auc = /** @type {any} */ (evaluation).images.figures?.auc?.value;
  const without =
    refused > 0 && typeof auc === "number"
      ? ` Without the ${refused} images that it refuses the AUC is ${shareText(auc)}.`
      : "";
  return typeof folds === "number"
    ? `${folds} models trained like it were tested on ${images} images of ${patients} patients, each on those it had not seen.${without} `
    : `Tested on ${images} images of ${patients} other patients.${without} `;
}

/**
 * When the model gives no result.
 * @param {ModelFacts} facts
 */
function makeScope({ scope }) {
  if (scope === null) {
    return [make("p", {}, "It answers for every image that it is given: it has not learned what it was not made for.")];
  }
  const kinds = (scope.study.kinds ?? []).map(({ kind, inside, images, refused }) => {
    const name = `${kind.replaceAll("_", " ")}${inside ? " (tissue like its own)" : ""}`;
    return /** @type {[string, string]} */ ([name, `${refused} of ${images}`]);
  });
  const weak = scope.weak_magnifications.map(
    ({ magnification, auc }) => `${magnification}X, where its AUC is ${auc.toFixed(2)}`,
  );
  return [
    make("h3", {}, "When it gives no result"),
    make("p", {}, "For images unlike its own, and for those that are out of focus or short of tissue. Of images that it had not seen it refused"),
    makeFacts(kinds),
    ...(weak.length > 0 ? [make("p", {}, `And always at ${weak.join(", and at ")}.`)] : []),
  ];
}

/** @param {number} value */
function count(value) {
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} million` : value.toLocaleString("en");
}

/** @param {ModelFacts} facts */
function makeModelFacts(facts) {
  const positive = facts.class_names[facts.positive_class];
  const digest = make(
    "span",
    { className: "hash" },
    make("span", { title: facts.digest }, facts.digest.slice(0, 16)),
    makeCopyButton(facts.digest, "the model's SHA-256"),
  );
  const tested = testedOn(facts);
  const thresholds =
    facts.threshold_low === facts.threshold_high
      ? `${facts.threshold_low.toFixed(2)}`
      : `${facts.threshold_low.toFixed(2)} and ${facts.threshold_high.toFixed(2)}, no result between`;
  return [
    make("h2", {}, facts.name),
    makeFacts([
      ["Figures", headline(facts).join(", ") || "none in the file"],
      ["Network", facts.network],
      ["Classes", `${facts.class_names.join(", ")} (positive: ${positive})`],
      ["Threshold", thresholds],
      ["Input", `${facts.input.width} × ${facts.input.height} pixels`],
      ["Parameters", count(facts.parameters)],
      ["SHA-256", digest],
    ]),
    ...(tested ? [make("p", {}, tested)] : []),
    make("p", {}, "Verified: the digest is right, and the network gave its stored answers on this machine."),
    ...makeScope(facts),
  ];
}
