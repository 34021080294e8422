// Puts the page together: the Session and canvas (lobule_app), the workbench with its worker, and the views.
import { App } from "./app_module.js";
import { CasesView } from "./cases_view.js";
import { Controls } from "./controls.js";
import { saveChart } from "./chart_saving.js";
import { caseInAddress } from "./deep_link.js";
import { byId } from "./dom.js";
import { watchDrops } from "./dropping.js";
import { Notices } from "./errors.js";
import { EvaluateView } from "./evaluate_view.js";
import { watchChoosers } from "./files.js";
import { LayoutView } from "./layout_view.js";
import { learnedFromDrawings, ModelView } from "./model_view.js";
import { keepOffline } from "./offline.js";
import { openBaseline } from "./open_tables.js";
import { PrivacyView } from "./privacy_view.js";
import { ResultView } from "./result_view.js";
import { kShippedModels, kTissueModel, ShippedModels } from "./shipped_models.js";
import { openSampleOf, showSamples } from "./start_view.js";
import { StatusBar } from "./status.js";
import { readTheme, watchTheme } from "./theme.js";
import { messageOf } from "./messages.js";
import { spokenAfter, ViewerTools } from "./viewer_tools.js";
import { Workbench } from "./workbench.js";

/** @typedef {import("./types").DroppedFile} DroppedFile */

const kBetweenUpdates = 150; // ms, while results stream in

const notices = new Notices();
const privacy = new PrivacyView();
const modelView = new ModelView(kShippedModels, (key) => models.use(key), (history) => app.historySvg(history));

// What must never be silent.
const reportFault = (/** @type {unknown} */ fault) =>
  notices.error(
    "Something went wrong in the page",
    messageOf(fault),
    "Go on; if it happens again, copy this message into a bug report.",
  );
window.addEventListener("error", (event) => reportFault(event.error ?? event.message));
window.addEventListener("unhandledrejection", (event) => reportFault(event.reason));

// Drops and choices are taken from the start; they are opened once the modules are here.
/** @type {(workbench: Workbench) => void} */
let setReady = () => {};
/** @type {Promise<Workbench>} */
const ready = new Promise((resolve) => (setReady = resolve));
const openFiles = async (/** @type {DroppedFile[]} */ files) => {
  const workbench = await ready;
  if (files.length > 0) await workbench.open(files);
};
const hint = byId("drop-hint", HTMLElement);
watchChoosers(openFiles);
watchDrops(
  openFiles,
  (isOver) => (hint.hidden = !isOver),
  (name) =>
    notices.error(name, "the system does not let the page read it", "Check its permissions, then add it again."),
);

const canvas = byId("canvas", HTMLCanvasElement);
const { app, failure } = await App.load(canvas);
if (failure) {
  byId("canvas-failure", HTMLElement).hidden = false;
  byId("canvas-failure", HTMLElement).textContent =
    `Images cannot be shown here: ${failure}. Results, labels and exports work all the same.`;
}

const status = new StatusBar({
  onPause: () => workbench.batch.togglePause(),
  onStop: () => workbench.batch.stop(),
  onRetry: () => workbench.retryFailed(),
});
const workbench = new Workbench(app, notices, {
  changed: updateSoon,
  model: (facts) => modelView.update(facts),
  checkingModel: (name) => modelView.busy(`Checking ${name}`),
  engine: showEngine,
  foreignRequests: (count) => privacy.setWorkerRequests(count),
  announce: (text) => status.announce(text),
  showEvaluation: () => showView("evaluate"),
});
const models = new ShippedModels(workbench, modelView, notices);
const cases = new CasesView({
  onSelect: selectCase,
  onSelection: tellSelection,
  onFilter: update,
  thumbnail: (caseId) => workbench.files.thumbnail(caseId),
});
const result = new ResultView({
  onLabel: (label) => workbench.label(cases.chosen(), label),
  onRemove: (caseId) => workbench.remove([caseId]),
  onPixelSize: (caseId, micrometres) => app.setPixelSize(caseId, micrometres),
  onUseTissueModel: () => models.use(kTissueModel),
});
const evaluation = new EvaluateView({
  onSave: (fileName) => workbench.save(fileName),
  onThresholds: (low, high) => workbench.setThresholds(low, high),
  onCountTraining: countTraining,
  onSaveChart: (chart, format) => saveChart(app, chart, format),
  onCloseEvaluation: closeEvaluation,
  onChooseBaseline: () => byId("choose-baseline-file", HTMLInputElement).click(),
  onClearBaseline: () => app.clearBaseline(),
  onShowOnly: showOnly,
  atPrevalence: (prevalence) => app.atPrevalence(prevalence),
});
const tools = new ViewerTools({ command: commandViewer, setOpacity: (opacity) => app.setCamShown(true, opacity) });
const baselineInput = byId("choose-baseline-file", HTMLInputElement);
baselineInput.onchange = async () => {
  const [file] = baselineInput.files ?? [];
  baselineInput.value = ""; // the same file can be chosen again
  if (file) await openBaseline(workbench, file);
};
const layout = new LayoutView(showView, (width, height) => app.resize(width, height));

let shownRevision = -1;
let lastUpdate = 0;
let evaluatedAt = 0;
/** @type {import("./types").PatientRow[]} */
let patients = [];
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pendingUpdate;

/** After each look at the canvas: dragging a threshold there, for one, changes the Session. */
function afterFrame() {
  workbench.deliverTiles();
  const asked = app.takeFilter();
  if (asked) showOnly(asked);
  if (app.state().revision !== shownRevision) updateSoon();
  else showTools();
}

function updateSoon() {
  pendingUpdate ??= setTimeout(update, Math.max(0, lastUpdate + kBetweenUpdates - performance.now()));
}

/** Draws everything outside the canvas from the Session. */
function update() {
  clearTimeout(pendingUpdate);
  pendingUpdate = undefined;
  lastUpdate = performance.now();
  const state = app.state();
  shownRevision = state.revision;
  patients = app.patients();
  cases.update(app.list(cases.filterView.filter()), patients, state);
  showSelected(state);
  status.update(workbench.batch.progress(), state);
  byId("undo", HTMLButtonElement).disabled = !state.can_undo;
  byId("redo", HTMLButtonElement).disabled = !state.can_redo;
  byId("remove-all", HTMLButtonElement).disabled = state.cases === 0;
  byId("start", HTMLElement).hidden = state.cases > 0 || layout.view !== "classify";
  if (layout.view === "evaluate") updateEvaluation();
  else byId("evaluate-empty", HTMLElement).hidden = byId("evaluate-reading", HTMLElement).hidden = true;
}

/** @param {import("./types").SessionState} state */
function showSelected(state) {
  const detail = app.caseDetail(state.selected);
  result.update(
    detail,
    patients.find(({ patient }) => patient === detail?.patient),
    state,
    workbench.facts !== null && learnedFromDrawings(workbench.facts),
    cases.chosen().length,
  );
  showTools();
}

/**
 * Shows another case without reading the whole list again.
 * @param {number} caseId
 */
function select(caseId) {
  const isShown = app.state().revision === shownRevision;
  app.select(caseId);
  const state = app.state();
  if (isShown) shownRevision = state.revision;
  cases.select(caseId);
  showSelected(state);
}

function updateEvaluation() {
  // Intervals over a thousand resamples: while results stream in, not at every one.
  const isStreaming = workbench.batch.progress().state === "running";
  if (isStreaming && performance.now() - evaluatedAt < 10 * kBetweenUpdates) {
    updateSoon();
    return;
  }
  evaluatedAt = performance.now();
  const state = app.state();
  const isHidden = state.reads_first && !state.has_opened_evaluation;
  const json = isHidden ? "" : app.exportFile("evaluation.json");
  const beside = { baseline: isHidden ? null : app.comparison(), openedFile: workbench.openedEvaluation };
  evaluation.update(json, isHidden || state.read === 0 ? "" : app.exportFile("reading.json"), state, beside);
  byId("evaluate-empty", HTMLElement).hidden = json !== "" || isHidden || state.left_out > 0;
  byId("evaluate-reading", HTMLElement).hidden = !isHidden;
  byId("reading-progress", HTMLElement).textContent = `${state.read} of ${state.cases} cases are read.`;
}

function showTools() {
  tools.update(app.state());
  const isEvaluate = layout.view === "evaluate";
  const label = isEvaluate ? "Charts of the evaluation; the figures are in the table beside them" : app.canvasText();
  if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
}

/** @param {Partial<import("./types").CaseFilter>} filter what a chart or a table was asked for */
function showOnly(filter) {
  cases.filterView.showOnly(filter);
  layout.showPane("cases");
  status.announce(`${byId("case-count", HTMLElement).textContent} cases listed`);
}

/** @param {string} command */
function commandViewer(command) {
  app.viewerCommand(command);
  showTools();
  const spoken = spokenAfter(command, app.state());
  if (spoken !== "") status.announce(spoken);
}

/** @param {import("./layout_view.js").ViewName} view */
function showView(view) {
  layout.showView(view);
  app.setView(view);
  if (view === "evaluate") notices.withdraw("labels"); // here they are, and it would lie over the curves
  update();
}

/** @param {number} count cases that are chosen together; 0: the selection ended */
function tellSelection(count) {
  status.announce(count === 0 ? "Selection ended" : `${count} selected`);
  showSelected(app.state());
}

function closeEvaluation() {
  app.closeEvaluation();
  update();
}

/** @param {boolean} isOn */
function countTraining(isOn) {
  app.setCountsTraining(isOn);
  update();
}

/** @param {number} caseId */
function selectCase(caseId) {
  select(caseId);
  layout.showPane("result");
}

/** @param {number} threads */
function showEngine(threads) {
  const text = `WebAssembly SIMD, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  status.engine(text);
  privacy.setEngine(text);
}

app.onFrame = afterFrame;
app.setTheme(readTheme());
watchTheme(() => app.setTheme(readTheme()));
layout.measure();
new Controls({ app, workbench, cases, models, shipped: kShippedModels, select, showView, commandViewer, countTraining });
update();
setReady(workbench);
keepOffline(
  (state) => privacy.setOffline(state),
  (reload) =>
    notices.done("version", "A new version of this page is ready", "It takes effect when the page is opened again.", {
      label: "Reload now",
      run: reload,
      stays: true,
    }),
);
const isShowing = showSamples(
  (file) => models.openSample(file),
  (name, cause) => notices.error(name, cause, "Reload the page while its server can be reached."),
);
await models.openFirst();
await isShowing;
openSampleOf(caseInAddress());
window.addEventListener("hashchange", () => {
  const asked = app.list({}).find(({ id }) => app.caseDetail(id)?.path === caseInAddress());
  if (asked) selectCase(asked.id);
});
