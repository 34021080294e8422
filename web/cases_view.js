// The list of cases, grouped by patient. Only the rows in sight are elements, so thousands cost what a screenful does.
import { kindOf, makeShape, probabilityText, wordOf } from "./call.js";
import { CaseFilterView } from "./case_filter_view.js";
import { byId, make } from "./dom.js";

/** @typedef {import("./types").CaseRow} CaseRow */
/** @typedef {import("./types").PatientRow} PatientRow */
/** @typedef {{key: string, top: number, height: number, row: CaseRow | null, patient: string, images: number, place: number}} Entry */

const kCaseHeight = 64; // pixels, as cases.css has them
const kPatientHeight = 32;
const kBeyond = 256; // pixels drawn above and below what is in sight

export class CasesView {
  /**
   * @param {{onSelect: (caseId: number) => void, onFilter: () => void, thumbnail: (caseId: number) => string}} actions
   */
  constructor(actions) {
    this.actions = actions;
    this.scroll = byId("case-scroll", HTMLElement);
    this.list = byId("case-list", HTMLElement);
    this.none = byId("case-none", HTMLElement);
    this.count = byId("case-count", HTMLElement);
    this.filterView = new CaseFilterView(() => actions.onFilter());
    /** @type {Entry[]} */
    this.entries = [];
    this.positive = "";
    /** @type {Map<string, PatientRow>} */
    this.patients = new Map();
    this.selected = 0;
    this.shownSelection = 0;
    /** @type {Map<string, {element: HTMLElement, shows: string}>} */
    this.elements = new Map();
    this.scroll.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.scroll);
  }

  /**
   * @param {CaseRow[]} rows
   * @param {PatientRow[]} patients
   * @param {import("./types").SessionState} state
   */
  update(rows, patients, state) {
    this.filterView.update(state);
    this.patients = new Map(patients.map((patient) => [patient.patient, patient]));
    this.entries = layOut(rows, this.filterView.filter().order === "patient");
    this.selected = state.selected;
    this.positive = state.positive;
    this.count.textContent = rows.length === state.cases ? `${state.cases}` : `${rows.length} of ${state.cases}`;
    this.none.hidden = rows.length > 0 || state.cases === 0;
    const last = this.entries[this.entries.length - 1];
    this.list.style.height = `${last ? last.top + last.height : 0}px`;
    if (this.selected !== this.shownSelection) this.showSelection();
    this.draw();
  }

  /** @param {number} caseId */
  select(caseId) {
    this.selected = caseId;
    this.showSelection();
    this.draw();
  }

  /** Ids in the order of the list. */
  order() {
    return this.entries.flatMap((entry) => (entry.row ? [entry.row.id] : []));
  }

  showSelection() {
    this.shownSelection = this.selected;
    const entry = this.entries.find(({ row }) => row?.id === this.selected);
    if (!entry) return;
    const { scrollTop, clientHeight } = this.scroll;
    if (entry.top - kPatientHeight < scrollTop) this.scroll.scrollTop = entry.top - kPatientHeight;
    else if (entry.top + entry.height > scrollTop + clientHeight)
      this.scroll.scrollTop = entry.top + entry.height - clientHeight;
  }

  draw() {
    const from = this.scroll.scrollTop - kBeyond;
    const to = this.scroll.scrollTop + this.scroll.clientHeight + kBeyond;
    const rows = this.entries.filter((entry) => entry.row !== null).length;
    const hadFocus = document.activeElement?.closest("li")?.dataset.key;
    const reachable = this.entries.some(({ row }) => row?.id === this.selected)
      ? this.selected
      : (this.order()[0] ?? 0);
    /** @type {Set<string>} */
    const wanted = new Set();
    for (const entry of this.entries) {
      const isReachable = entry.row?.id === reachable; // Tab must find it, also out of sight
      if (!isReachable && (entry.top + entry.height < from || entry.top > to)) continue;
      wanted.add(entry.key);
      this.place(entry, rows, isReachable);
    }
    for (const [key, { element }] of this.elements) {
      if (wanted.has(key)) continue;
      element.remove();
      this.elements.delete(key);
    }
    // Reading order is list order, whatever order the rows came into sight in.
    const sorted = [...this.list.children].sort((a, b) => topOf(a) - topOf(b));
    sorted.forEach((element, index) => {
      if (this.list.children[index] !== element) this.list.insertBefore(element, this.list.children[index] ?? null);
    });
    if (hadFocus && document.activeElement === document.body)
      this.elements.get(hadFocus)?.element.querySelector("button")?.focus();
  }

  /** @param {Entry} entry @param {number} rows @param {boolean} isReachable */
  place(entry, rows, isReachable) {
    const { key, top, row } = entry;
    const patient = this.patients.get(entry.patient);
    const isSelected = row !== null && row.id === this.selected;
    const thumbnail = row ? this.actions.thumbnail(row.id) : "";
    const shows = JSON.stringify([
      row ?? patient ?? entry.images,
      isSelected,
      isReachable,
      thumbnail,
      entry.place,
      rows,
    ]);
    let kept = this.elements.get(key);
    if (!kept) {
      kept = { element: make("li", {}), shows: "" };
      kept.element.dataset.key = key;
      this.elements.set(key, kept);
      this.list.append(kept.element);
    }
    kept.element.style.top = `${top}px`;
    kept.element.dataset.top = String(top);
    if (kept.shows === shows) return;
    kept.shows = shows;
    if (!row) {
      kept.element.replaceChildren(makePatientRow(entry, patient));
      return;
    }
    kept.element.setAttribute("aria-setsize", String(rows));
    kept.element.setAttribute("aria-posinset", String(entry.place));
    const hadFocus = kept.element.contains(document.activeElement);
    const button = makeCaseRow(row, thumbnail, isSelected, this.positive);
    button.tabIndex = isReachable ? 0 : -1;
    button.onclick = () => this.actions.onSelect(row.id);
    kept.element.replaceChildren(button);
    if (hadFocus) button.focus();
  }

  /** Focus follows the arrow keys when it was in the list. */
  focusSelected() {
    if (!this.list.contains(document.activeElement)) return;
    this.elements.get(`case ${this.selected}`)?.element.querySelector("button")?.focus();
  }
}

/** @param {Element} element */
function topOf(element) {
  return element instanceof HTMLElement ? Number(element.dataset.top) : 0;
}

/**
 * @param {CaseRow[]} rows
 * @param {boolean} isGrouped by patient
 * @returns {Entry[]}
 */
function layOut(rows, isGrouped) {
  /** @type {Map<string, number>} */
  const images = new Map();
  for (const { patient } of rows) images.set(patient, (images.get(patient) ?? 0) + 1);
  /** @type {Entry[]} */
  const entries = [];
  let top = 0;
  let patient = "";
  rows.forEach((row, index) => {
    if (isGrouped && row.patient !== patient) {
      patient = row.patient;
      entries.push({
        key: `patient ${patient}`,
        top,
        height: kPatientHeight,
        row: null,
        patient,
        images: images.get(patient) ?? 0,
        place: 0,
      });
      top += kPatientHeight;
    }
    entries.push({ key: `case ${row.id}`, top, height: kCaseHeight, row, patient, images: 0, place: index + 1 });
    top += kCaseHeight;
  });
  return entries;
}

/** @param {Entry} entry @param {PatientRow | undefined} call */
function makePatientRow({ patient, images }, call) {
  const title = patient === "" ? "No patient known" : `Patient ${patient}`;
  const row = make(
    "div",
    { className: "patient-row" },
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
function makeCaseRow(row, thumbnail, isSelected, positive) {
  const kind = kindOf(row);
  const picture = make("span", { className: "thumb" });
  if (thumbnail) picture.append(make("img", { src: thumbnail, alt: "", width: 64, height: 52, decoding: "async" }));
  else picture.append(makeShape(kind));
  const call = make("span", { className: `case-call call-${kind}` });
  call.append(makeShape(kind), wordOf(row));
  const remark = row.error ?? (row.copy_of === undefined ? "" : `same pixels as ${row.copy_of}`);
  const detail = remark ? `${row.name}: ${remark}` : row.name;
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
    figures.append(isWrong ? make("small", { className: "wrong" }, `label ${row.label}`) : make("small", {}, time));
  }
  const button = make("button", { type: "button", className: "case-row" }, picture, text, figures);
  if (isSelected) button.setAttribute("aria-current", "true");
  return button;
}
