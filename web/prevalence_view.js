// Predictive values: what a call means where the positive class is rarer, or more frequent, than among these cases.
import { make } from "./dom.js";
import { recall, remember } from "./memory.js";

/**
 * Predictive values where the positive class is as frequent as the person says.
 * @param {import("./types").Evaluation} evaluation
 * @param {(prevalence: number) => import("./types").PrevalenceEvaluation | null} atPrevalence
 */
export function makePrevalence({ positive, images, patients }, atPrevalence) {
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
    const found = atPrevalence(input.valueAsNumber);
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

/** @param {import("./types").Estimate} estimate */
function makeEstimate({ value, low, high }) {
  const interval = low !== null && high !== null ? make("small", {}, `${low.toFixed(2)}–${high.toFixed(2)}`) : "";
  return make("td", {}, value === null ? "undefined" : value.toFixed(3), interval);
}
