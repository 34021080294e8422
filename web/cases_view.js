// The list of cases, grouped by patient. Only the rows in sight are elements, so thousands cost what a screenful does.
import { CaseFilterView } from "./case_filter_view.js";
import { makeCaseRow, makePatientRow } from "./case_rows.js";
import { byId, make } from "./dom.js";
import { Selection } from "./selection.js";

/** @typedef {import("./types").CaseRow} CaseRow */
/** @typedef {import("./types").PatientRow} PatientRow */
/** @typedef {{key: string, top: number, height: number, row: CaseRow | null, patient: string, images: number}} Entry */

const kCaseHeight = 64; // pixels, as cases.css has them
const kPatientHeight = 32;
const kBeyond = 256; // pixels drawn above and below what is in sight

export class CasesView {
  /**
   * @param {{
   *   onSelect: (caseId: number) => void,
   *   onSelection: (count: number) => void,
   *   onFilter: () => void,
   *   thumbnail: (caseId: number) => string,
   * }} actions onSelection: so many cases are chosen now, if more than one
   */
  constructor(actions) {
    this.actions = actions;
    this.scroll = byId("case-scroll", HTMLElement);
    this.list = byId("case-list", HTMLElement);
    this.none = byId("case-none", HTMLElement);
    this.count = byId("case-count", HTMLElement);
    this.filterView = new CaseFilterView(() => actions.onFilter());
    this.selection = new Selection();
    byId("selection-end", HTMLButtonElement).onclick = () => this.endSelection();
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
    byId("reading-words", HTMLElement).textContent = `${state.read} of ${state.cases} read`;
    byId("reading-line", HTMLElement).hidden = !state.reads_first || state.cases === 0;
    this.selection.keepOnly(this.order());
    this.showCount();
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

  /** Ids that labels and removal are for: the chosen ones in the order of the list, or the one that is shown. */
  chosen() {
    if (this.selection.size > 0) return this.order().filter((id) => this.selection.has(id));
    return this.selected === 0 ? [] : [this.selected];
  }

  selectAll() {
    this.changeSelection(() => this.selection.all(this.order()));
  }

  endSelection() {
    this.changeSelection(() => this.selection.clear());
  }

  /** @param {number} caseId from where the range began to here */
  extendTo(caseId) {
    this.changeSelection(() => this.selection.extend(this.order(), this.selected, caseId));
  }

  /** @param {() => void} change */
  changeSelection(change) {
    const before = this.selection.size;
    change();
    if (before === 0 && this.selection.size === 0) return;
    this.showCount();
    this.draw();
    this.actions.onSelection(this.selection.size);
  }

  showCount() {
    const { size } = this.selection;
    byId("selection-line", HTMLElement).hidden = size === 0;
    byId("selection-words", HTMLElement).textContent = `${size} selected`;
    this.list.classList.toggle("has-selection", size > 0);
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
    this.list.setAttribute("aria-rowcount", String(this.entries.length));
    const focused = document.activeElement?.closest("[data-key]");
    const hadFocus = focused instanceof HTMLElement ? focused.dataset.key : undefined;
    const reachable = this.entries.some(({ row }) => row?.id === this.selected)
      ? this.selected
      : (this.order()[0] ?? 0);
    /** @type {Set<string>} */
    const wanted = new Set();
    for (const [index, entry] of this.entries.entries()) {
      const isReachable = entry.row?.id === reachable; // Tab must find it, also out of sight
      if (!isReachable && (entry.top + entry.height < from || entry.top > to)) continue;
      wanted.add(entry.key);
      this.place(entry, index + 1, isReachable);
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

  /** @param {Entry} entry @param {number} index of its row in the list, from 1 @param {boolean} isReachable */
  place(entry, index, isReachable) {
    const { key, top, row } = entry;
    const patient = this.patients.get(entry.patient);
    const isShown = row !== null && row.id === this.selected;
    const isChosen = row !== null && (this.selection.size > 0 ? this.selection.has(row.id) : isShown);
    const thumbnail = row ? this.actions.thumbnail(row.id) : "";
    const shows = JSON.stringify([
      row ?? patient ?? entry.images,
      isShown,
      isChosen,
      isReachable,
      thumbnail,
      index,
    ]);
    let kept = this.elements.get(key);
    if (!kept) {
      kept = { element: make("div", { role: "row" }), shows: "" };
      kept.element.dataset.key = key;
      this.elements.set(key, kept);
      this.list.append(kept.element);
    }
    kept.element.style.top = `${top}px`;
    kept.element.dataset.top = String(top);
    if (kept.shows === shows) return;
    kept.shows = shows;
    kept.element.setAttribute("aria-rowindex", String(index));
    if (!row) {
      kept.element.replaceChildren(makePatientRow(entry, patient));
      return;
    }
    kept.element.setAttribute("aria-selected", String(isChosen));
    const hadFocus = kept.element.contains(document.activeElement);
    const button = makeCaseRow(row, thumbnail, isShown, this.positive);
    button.tabIndex = isReachable ? 0 : -1;
    button.onclick = (event) => this.click(event, row.id);
    kept.element.replaceChildren(make("div", { role: "gridcell" }, button));
    if (hadFocus) button.focus();
  }

  /** @param {MouseEvent} event @param {number} caseId */
  click(event, caseId) {
    let shown = caseId;
    this.changeSelection(() => (shown = this.selection.click(event, this.order(), this.selected, caseId)));
    this.actions.onSelect(shown);
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
  rows.forEach((row) => {
    if (isGrouped && row.patient !== patient) {
      patient = row.patient;
      entries.push({
        key: `patient ${patient}`,
        top,
        height: kPatientHeight,
        row: null,
        patient,
        images: images.get(patient) ?? 0,
      });
      top += kPatientHeight;
    }
    entries.push({ key: `case ${row.id}`, top, height: kCaseHeight, row, patient, images: 0 });
    top += kCaseHeight;
  });
  return entries;
}
