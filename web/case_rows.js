// A row of the list: a patient, or a case.
import { kindOf, makeShape, probabilityText, wordOf } from "./call.js";
import { make } from "./dom.js";

/** @typedef {import("./types").CaseRow} CaseRow */
/** @typedef {import("./types").PatientRow} PatientRow */

/** @param {{patient: string, images: number}} entry @param {PatientRow | undefined} call */
export function makePatientRow({ patient, images }, call) {
  const title = patient === "" ? "No patient known" : `Patient ${patient}`;
  const row = make(
    "div",
    { className: "patient-row", role: "gridcell" },
    make("h3", { title }, title, make("span", { className: "quiet" }, ` · ${images}`)),
  );
  if (call && patient !== "" && call.p !== null && images > 1) {
    const mark = make("span", { className: `case-call call-${call.call}`, title: "Mean of this patient's images" });
    mark.append(makeShape(call.call), `${call.call_name} ${probabilityText(call.p)}`);
    row.append(mark);
  }
  return row;
}

/**
 * @param {CaseRow} row
 * @param {string} thumbnail
 * @param {boolean} isSelected
 * @param {string} positive
 */
export function makeCaseRow(row, thumbnail, isSelected, positive) {
  const kind = kindOf(row);
  const picture = make("span", { className: "thumb" });
  if (thumbnail) picture.append(make("img", { src: thumbnail, alt: "", width: 64, height: 52, decoding: "async" }));
  else picture.append(makeShape(kind));
  if (row.in_training) picture.append(make("small", { className: "mark", title: "In this model's training" }, "in training"));
  const call = make("span", { className: `case-call call-${kind}` });
  call.append(makeShape(kind), wordOf(row));
  const fault = row.error ?? (row.copy_of === undefined ? "" : `same pixels as ${row.copy_of}`);
  const detail = fault ? `${row.name}: ${fault}` : row.name;
  const text = make(
    "span",
    { className: "case-text" },
    call,
    make("span", { className: "case-name", title: detail }, detail),
  );
  const figures = make("span", { className: "case-figures" });
  if (row.state === "done" && row.p !== null) {
    figures.append(row.refused ? "refused" : probabilityText(row.p));
    const isWrong =
      row.label !== "" && row.call !== "no_result" && (row.call === "positive") !== (row.label === positive);
    const time = row.milliseconds > 0 ? `${Math.round(row.milliseconds)} ms` : "";
    const reading = row.reading_after || row.reading_first;
    const remark = reading === "" ? time : `read ${reading}`;
    figures.append(isWrong ? make("small", { className: "wrong" }, `label ${row.label}`) : make("small", {}, remark));
  }
  const button = make("button", { type: "button", className: "case-row" }, picture, text, figures);
  if (isSelected) button.setAttribute("aria-current", "true");
  return button;
}
