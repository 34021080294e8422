// How a call is shown everywhere: a word, a colour, a shape. Colour never speaks alone.

/** @typedef {import("./types").CaseRow} CaseRow */

const kSvg = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} circle: negative; triangle: positive; dash: no result; ring: waiting or unread; cross: not read */
const kShapes = {
  negative: "M8 2a6 6 0 1 0 .01 0z",
  positive: "M8 1.5 15 14H1z",
  no_result: "M1.5 6.5h13v3h-13z",
  unread: "M8 2a6 6 0 1 0 .01 0zm0 1.5a4.5 4.5 0 1 1-.01 0z",
  waiting: "M8 3a5 5 0 1 0 .01 0zm0 1.5a3.5 3.5 0 1 1-.01 0z",
  failed: "M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z",
};

/** @param {string} kind a call, "waiting", "unread" or "failed" */
export function makeShape(kind) {
  const svg = document.createElementNS(kSvg, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "shape");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(kSvg, "path");
  path.setAttribute("d", kShapes[kind] ?? kShapes.no_result);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/** @param {Pick<CaseRow, "state" | "call" | "hidden">} row */
export function kindOf(row) {
  if (row.hidden) return "unread";
  return row.state === "done" ? row.call || "no_result" : row.state;
}

/** @param {Pick<CaseRow, "state" | "call_name" | "hidden">} row */
export function wordOf(row) {
  if (row.state === "waiting") return "Waiting";
  if (row.state === "failed") return "Not read";
  if (row.hidden) return "Unread";
  return capital(row.call_name);
}

/**
 * A text at the beginning of a line. A single word of four letters at most or with "_" in it ("idc", "no_idc") is an abbreviation: it stays as the data has it.
 * @param {string} text
 */
export function capital(text) {
  return /^(\S{1,4}|\S*_\S*)$/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Two digits; what would be rounded to certainty says so.
 * @param {number} p
 */
export function probabilityText(p) {
  if (p > 0.995 && p < 1) return ">0.99";
  if (p < 0.005 && p > 0) return "<0.01";
  return p.toFixed(2);
}
