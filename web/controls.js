// What keys, buttons and commands do: one list of actions, reached in three ways.
import { CommandPalette } from "./commands.js";
import { linkToCase } from "./deep_link.js";
import { byId } from "./dom.js";
import { canSave, kExports } from "./evaluate_view.js";
import { showKeys, watchKeys } from "./keyboard.js";
import { labelChoices } from "./result_view.js";
import { recall, remember } from "./memory.js";
import { connectSaveMenu } from "./save_menu.js";
import { chooseTheme, chosenTheme } from "./theme.js";
import { kChannels } from "./viewer_tools.js";

/** @typedef {import("./commands.js").Command} Command */
/** @typedef {import("./theme.js").ThemeName} ThemeName */

const kThresholdStep = 0.01;

export class Controls {
  /**
   * @param {{
   *   app: import("./app_module.js").App,
   *   workbench: import("./workbench.js").Workbench,
   *   cases: import("./cases_view.js").CasesView,
   *   models: import("./shipped_models.js").ShippedModels,
   *   shipped: Record<string, {title: string}>,
   *   select: (caseId: number) => void,
   *   showView: (view: import("./layout_view.js").ViewName) => void,
   *   commandViewer: (command: string) => void,
   *   countTraining: (isOn: boolean) => void,
   * }} page
   */
  constructor(page) {
    this.page = page;
    this.palette = new CommandPalette(() => this.commands());
    const { app, workbench } = page;
    watchKeys(this.keys(), {
      undo: () => workbench.undo(),
      redo: () => workbench.redo(),
      commands: () => this.palette.open(),
      selectAll: () => page.cases.selectAll(),
    });
    this.readFirst = byId("read-first", HTMLInputElement);
    this.readFirst.onchange = () => this.setReadsFirst(this.readFirst.checked);
    for (const id of ["reading-end", "reading-end-figures"]) this.onClick(id, () => this.setReadsFirst(false));
    this.onClick("selection-remove", () => this.removeChosen());
    if (recall("read-first") === "on") this.setReadsFirst(true);
    this.onClick("undo", () => workbench.undo());
    this.onClick("redo", () => workbench.redo());
    this.onClick("remove-all", () => workbench.removeAll());
    this.onClick("open-commands", () => this.fromMenu(() => this.palette.open()));
    this.onClick("open-keys", () => this.fromMenu(showKeys));
    this.onClick("full-screen", () => this.fromMenu(toggleFullScreen));
    const theme = byId("theme", HTMLSelectElement);
    theme.value = chosenTheme();
    theme.onchange = () => chooseTheme(/** @type {ThemeName} */ (theme.value));
    connectSaveMenu(
      () => app.state(),
      (name) => workbench.save(name),
    );
  }

  /** @param {string} id @param {() => void} run */
  onClick(id, run) {
    byId(id, HTMLButtonElement).onclick = run;
  }

  /** @param {() => void} run */
  fromMenu(run) {
    byId("page-menu", HTMLElement).hidePopover();
    run();
  }

  /** @param {number} step @param {boolean} isRange the cases up to there are chosen */
  step(step, isRange = false) {
    const { app, cases, select } = this.page;
    const order = cases.order();
    if (order.length === 0) return;
    const place = order.indexOf(app.state().selected);
    const next = order[Math.min(order.length - 1, Math.max(0, place + step))];
    if (isRange) cases.extendTo(next);
    else cases.endSelection();
    select(next);
    cases.focusSelected();
  }

  /** @param {boolean} isOn remembered by this browser */
  setReadsFirst(isOn) {
    const { app, workbench } = this.page;
    remember("read-first", isOn ? "on" : "");
    this.readFirst.checked = isOn;
    app.setReadsFirst(isOn);
    workbench.listener.announce(isOn ? "Read first: calls show once you have labelled the case" : "Read first is off: all calls show");
    workbench.listener.changed();
  }

  /** @param {string} key */
  label(key) {
    const state = this.page.app.state();
    const choice = labelChoices(state).find((candidate) => candidate.key === key.toUpperCase());
    if (choice) this.page.workbench.label(this.page.cases.chosen(), choice.label);
  }

  /** @param {number} step */
  moveThresholds(step) {
    const { threshold_low, threshold_high } = this.page.app.state();
    this.page.workbench.setThresholds(threshold_low + step, threshold_high + step);
  }

  removeChosen() {
    this.page.workbench.remove(this.page.cases.chosen());
  }

  /** @returns {import("./keyboard.js").Shortcut[]} */
  keys() {
    const { app, cases, commandViewer: view } = this.page;
    const isBack = (/** @type {string} */ key) => key === "ArrowUp" || key === "ArrowLeft";
    return [
      {
        keys: "↑ ↓",
        does: "Through the cases",
        matches: ["ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"],
        run: (key, isShift) => this.step(isBack(key) ? -1 : 1, isShift),
      },
      { keys: "B M U", does: "Label benign, malignant, or none", matches: ["b", "m", "u"], run: (key) => this.label(key) },
      { keys: "R", does: "Read first: calls hidden until you label", matches: ["r"], run: () => this.setReadsFirst(!app.state().reads_first) },
      { keys: "C", does: "Heat map", matches: ["c"], run: () => view("toggle_cam") },
      { keys: "S", does: "Stain channels, one after the other", matches: ["s"], run: () => view("next_channel") },
      { keys: "K", does: "Keep this case beside the next one", matches: ["k"], run: () => view("toggle_compare") },
      { keys: "O", does: "The model before beside this one", matches: ["o"], run: () => view("toggle_models") },
      { keys: "F", does: "Fit the image", matches: ["f"], run: () => view("fit") },
      { keys: "1", does: "Full size", matches: ["1"], run: () => view("full_size") },
      {
        keys: "[ ]",
        does: "Lower or raise the thresholds",
        matches: ["[", "]"],
        run: (key) => this.moveThresholds(key === "[" ? -kThresholdStep : kThresholdStep),
      },
      { keys: "Delete", does: "Remove the case, or all that are selected", matches: ["Delete"], run: () => this.removeChosen() },
      { keys: "Esc", does: "End the selection", matches: ["Escape"], run: () => cases.endSelection() },
    ];
  }

  /** @returns {Command[]} */
  commands() {
    const { app, workbench, cases, models, shipped, showView, commandViewer, countTraining } = this.page;
    const state = app.state();
    const hasSelected = () => state.selected !== 0;
    const hasCases = () => state.cases > 0;
    const only = (/** @type {Partial<import("./types").CaseFilter>} */ filter) => () => cases.filterView.showOnly(filter);
    const themes = /** @type {ThemeName[]} */ (["light", "dark", "system"]);
    return [
      { name: "Add images", run: () => byId("choose-files", HTMLInputElement).click() },
      { name: "Add a folder", run: () => byId("choose-folder", HTMLInputElement).click() },
      { name: "Show Classify", run: () => showView("classify") },
      { name: "Show Evaluate", run: () => showView("evaluate") },
      { name: "Next case", keys: "↓", run: () => this.step(1), isAvailable: hasCases },
      { name: "Previous case", keys: "↑", run: () => this.step(-1), isAvailable: hasCases },
      ...labelChoices(state).map(({ label, key }) => ({
        name: `${state.reads_first ? "Reading" : "Label"}: ${label === "" ? (state.reads_first ? "as at first" : "none") : label}`,
        keys: key,
        run: () => workbench.label(cases.chosen(), label),
        isAvailable: hasSelected,
      })),
      {
        name: state.reads_first ? "Read first: off" : "Read first: on",
        keys: "R",
        run: () => this.setReadsFirst(!state.reads_first),
      },
      { name: "Select all listed cases", keys: "Ctrl+A", run: () => cases.selectAll(), isAvailable: hasCases },
      { name: "Copy a link to this case", run: () => this.copyLink(), isAvailable: () => hasSelected() && !state.reads_first },
      { name: "Remove this case", keys: "Delete", run: () => workbench.remove([state.selected]), isAvailable: hasSelected },
      { name: "Remove all cases", run: () => workbench.removeAll(), isAvailable: hasCases },
      { name: "Undo", keys: "Ctrl+Z", run: () => workbench.undo(), isAvailable: () => state.can_undo },
      { name: "Redo", keys: "Ctrl+Shift+Z", run: () => workbench.redo(), isAvailable: () => state.can_redo },
      { name: "Read failed images again", run: () => workbench.retryFailed(), isAvailable: () => state.failed > 0 },
      { name: "Pause or continue", run: () => workbench.batch.togglePause(), isAvailable: () => workbench.isBusy() },
      { name: "Stop classifying", run: () => workbench.batch.stop(), isAvailable: () => workbench.isBusy() },
      { name: "Show all cases", run: only({}), isAvailable: hasCases },
      { name: "Show cases called wrong", run: only({ wrong_only: true }), isAvailable: () => state.labelled > 0 && !state.reads_first },
      { name: "Show cases without a result", run: only({ call: "no_result" }), isAvailable: () => hasCases() && !state.reads_first },
      { name: "Show unread cases", run: only({ call: "unread" }), isAvailable: () => hasCases() && state.reads_first },
      { name: "Compare with a predictions.csv", run: () => byId("choose-baseline-file", HTMLInputElement).click(), isAvailable: () => state.labelled > 0 },
      { name: "Stop comparing with another model", run: () => app.clearBaseline(), isAvailable: () => state.has_baseline },
      { name: "Show cases called otherwise by the other model", run: only({ changed_only: true }), isAvailable: () => state.has_baseline },
      { name: "Close the opened evaluation", run: () => app.closeEvaluation(), isAvailable: () => state.has_opened_evaluation },
      { name: "Show copies of other images", run: only({ copies_only: true }), isAvailable: () => state.copies > 0 },
      { name: "Show cases in this model's training", run: only({ training: "in" }), isAvailable: () => state.in_training > 0 && !state.reads_first },
      {
        name: state.counts_training ? "Leave images of training patients out of the figures" : "Count images of training patients",
        run: () => countTraining(!state.counts_training),
        isAvailable: () => state.in_training > 0 && !state.reads_first,
      },
      { name: "Heat map on or off", keys: "C", run: () => commandViewer("toggle_cam"), isAvailable: hasSelected },
      { name: "Heat map: evidence for the call", run: () => commandViewer("cam_for"), isAvailable: hasSelected },
      { name: "Heat map: evidence for and against", run: () => commandViewer("cam_for_and_against"), isAvailable: hasSelected },
      ...Object.entries(kChannels).map(([key, name]) => ({
        name: `Stain: ${name}`,
        run: () => commandViewer(`channel_${key}`),
        isAvailable: hasSelected,
      })),
      {
        name: state.pinned === 0 ? "Compare with another case" : "Stop comparing",
        keys: "K",
        run: () => commandViewer("toggle_compare"),
        isAvailable: hasSelected,
      },
      {
        name: state.compares_models ? "Stop comparing the models' heat maps" : "Compare the models' heat maps",
        keys: "O",
        run: () => commandViewer("toggle_models"),
        isAvailable: () => hasSelected() && state.can_compare_models,
      },
      { name: "Fit the image", keys: "F", run: () => commandViewer("fit"), isAvailable: hasSelected },
      { name: "Image at full size", keys: "1", run: () => commandViewer("full_size"), isAvailable: hasSelected },
      ...kExports.map((file) => ({
        name: `Save ${file.name}`,
        run: () => workbench.save(file.name),
        isAvailable: () => canSave(file, state),
      })),
      ...Object.entries(shipped).map(([key, { title }]) => ({ name: `Use the model: ${title}`, run: () => models.use(key) })),
      ...themes.map((name) => ({ name: `Theme: ${name}`, run: () => this.useTheme(name) })),
      { name: "Full screen", run: toggleFullScreen },
      { name: "Keys", keys: "?", run: showKeys },
    ];
  }

  /** It opens the case in whoever's page has the same folder open, or opens next. */
  async copyLink() {
    const { app, workbench } = this.page;
    const path = app.caseDetail(app.state().selected)?.path;
    if (path === undefined) return;
    await navigator.clipboard.writeText(linkToCase(path));
    workbench.listener.announce("The link is in the clipboard");
  }

  /** @param {ThemeName} name */
  useTheme(name) {
    chooseTheme(name);
    byId("theme", HTMLSelectElement).value = name;
  }
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {}); // refused by the system: the page stays as it is
}
