// What keys, buttons and commands do: one list of actions, reached in three ways.
import { CommandPalette } from "./commands.js";
import { linkToCase } from "./deep_link.js";
import { byId } from "./dom.js";
import { kExports } from "./evaluate_view.js";
import { showKeys, watchKeys } from "./keyboard.js";
import { labelChoices } from "./result_view.js";
import { connectSaveMenu } from "./save_menu.js";
import { chooseTheme, chosenTheme } from "./theme.js";

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
    });
    this.onClick("undo", () => workbench.undo());
    this.onClick("redo", () => workbench.redo());
    this.onClick("remove-all", () => workbench.removeAll());
    this.onClick("open-commands", () => this.fromMenu(() => this.palette.open()));
    this.onClick("open-keys", () => this.fromMenu(showKeys));
    this.onClick("full-screen", () => this.fromMenu(toggleFullScreen));
    for (const button of /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("[data-viewer]")])) {
      button.onclick = () => page.commandViewer(button.dataset.viewer ?? "");
    }
    const opacity = byId("cam-opacity", HTMLInputElement);
    opacity.oninput = () => app.setCamShown(true, opacity.valueAsNumber);
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

  /** @param {number} step */
  step(step) {
    const { app, cases, select } = this.page;
    const order = cases.order();
    if (order.length === 0) return;
    const place = order.indexOf(app.state().selected);
    select(order[Math.min(order.length - 1, Math.max(0, place + step))]);
    cases.focusSelected();
  }

  /** @param {string} key */
  label(key) {
    const state = this.page.app.state();
    const choice = labelChoices(state).find((candidate) => candidate.key === key.toUpperCase());
    if (choice && state.selected !== 0) this.page.workbench.label(state.selected, choice.label);
  }

  /** @param {number} step */
  moveThresholds(step) {
    const { threshold_low, threshold_high } = this.page.app.state();
    this.page.workbench.setThresholds(threshold_low + step, threshold_high + step);
  }

  removeSelected() {
    const { selected } = this.page.app.state();
    if (selected !== 0) this.page.workbench.remove(selected);
  }

  /** @returns {import("./keyboard.js").Shortcut[]} */
  keys() {
    const view = this.page.commandViewer;
    const isBack = (/** @type {string} */ key) => key === "ArrowUp" || key === "ArrowLeft";
    return [
      {
        keys: "↑ ↓",
        does: "Through the cases",
        matches: ["ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"],
        run: (key) => this.step(isBack(key) ? -1 : 1),
      },
      { keys: "B M U", does: "Label benign, malignant, or none", matches: ["b", "m", "u"], run: (key) => this.label(key) },
      { keys: "C", does: "Heat map", matches: ["c"], run: () => view("toggle_cam") },
      { keys: "F", does: "Fit the image", matches: ["f"], run: () => view("fit") },
      { keys: "1", does: "Full size", matches: ["1"], run: () => view("full_size") },
      {
        keys: "[ ]",
        does: "Lower or raise the thresholds",
        matches: ["[", "]"],
        run: (key) => this.moveThresholds(key === "[" ? -kThresholdStep : kThresholdStep),
      },
      { keys: "Delete", does: "Remove the case", matches: ["Delete"], run: () => this.removeSelected() },
    ];
  }

  /** @returns {Command[]} */
  commands() {
    const { app, workbench, cases, models, shipped, showView, commandViewer } = this.page;
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
        name: label === "" ? "Label: none" : `Label: ${label}`,
        keys: key,
        run: () => workbench.label(state.selected, label),
        isAvailable: hasSelected,
      })),
      { name: "Copy a link to this case", run: () => this.copyLink(), isAvailable: hasSelected },
      { name: "Remove this case", keys: "Delete", run: () => this.removeSelected(), isAvailable: hasSelected },
      { name: "Remove all cases", run: () => workbench.removeAll(), isAvailable: hasCases },
      { name: "Undo", keys: "Ctrl+Z", run: () => workbench.undo(), isAvailable: () => state.can_undo },
      { name: "Redo", keys: "Ctrl+Shift+Z", run: () => workbench.redo(), isAvailable: () => state.can_redo },
      { name: "Read failed images again", run: () => workbench.retryFailed(), isAvailable: () => state.failed > 0 },
      { name: "Pause or continue", run: () => workbench.batch.togglePause(), isAvailable: () => workbench.isBusy() },
      { name: "Stop classifying", run: () => workbench.batch.stop(), isAvailable: () => workbench.isBusy() },
      { name: "Show all cases", run: only({}), isAvailable: hasCases },
      { name: "Show cases called wrong", run: only({ wrong_only: true }), isAvailable: () => state.labelled > 0 },
      { name: "Show cases without a result", run: only({ call: "no_result" }), isAvailable: hasCases },
      { name: "Show copies of other images", run: only({ copies_only: true }), isAvailable: () => state.copies > 0 },
      { name: "Heat map on or off", keys: "C", run: () => commandViewer("toggle_cam"), isAvailable: hasSelected },
      { name: "Fit the image", keys: "F", run: () => commandViewer("fit"), isAvailable: hasSelected },
      { name: "Image at full size", keys: "1", run: () => commandViewer("full_size"), isAvailable: hasSelected },
      ...kExports.map(({ name, needsLabels }) => ({
        name: `Save ${name}`,
        run: () => workbench.save(name),
        isAvailable: () => state.done > 0 && (!needsLabels || state.labelled > 0),
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
