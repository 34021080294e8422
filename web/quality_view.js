// What the image's own pixels say of it: each figure, and advice where a limit is not kept. The core words all of it.
import { make, makeFacts } from "./dom.js";

/** @typedef {import("./types").Quality} Quality */
/** @typedef {import("./types").QualityMeasure} QualityMeasure */

/** @param {Quality} quality one that did not pass */
export function makeQualityAdvice({ advice }) {
  return make(
    "div",
    { className: "reason advice", role: "note", id: "quality-advice" },
    ...advice.map((sentence) => make("p", {}, sentence)),
    make("p", { className: "quiet" }, "Advice on the image. It does not change the call."),
  );
}

/** @param {Quality} quality */
export function makeQualityFigures({ measures }) {
  /** @type {[string, Node][]} */
  const facts = measures.map((measure) => [measure.name, makeFigure(measure)]);
  return make("section", { "aria-label": "Image quality", id: "quality" }, make("h3", {}, "Image quality"), makeFacts(facts));
}

/** @param {QualityMeasure} measure */
function makeFigure({ text, limit_text, passed }) {
  if (passed) return make("span", { title: `Limit: ${limit_text}` }, text);
  return make("span", {}, make("b", {}, text), make("small", {}, ` should be ${limit_text}`));
}
