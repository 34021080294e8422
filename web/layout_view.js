// Which view and which pane is shown, and the canvas' size.
import { byId } from "./dom.js";

/** @typedef {"classify" | "evaluate"} ViewName */

export class LayoutView {
  /**
   * @param {(view: ViewName) => void} onView
   * @param {(width: number, height: number) => void} onResize of the canvas, CSS pixels
   */
  constructor(onView, onResize) {
    /** @type {ViewName} */
    this.view = "classify";
    for (const button of buttons(".views button")) {
      button.onclick = () => onView(button.dataset.view === "evaluate" ? "evaluate" : "classify");
    }
    for (const button of buttons(".panes button")) button.onclick = () => this.showPane(button.dataset.pane ?? "image");
    this.onResize = onResize;
    this.box = byId("canvas-box", HTMLElement);
    new ResizeObserver(() => this.measure()).observe(this.box);
    // A window moved to a screen of another density changes no size.
    window.addEventListener("resize", () => this.measure());
  }

  measure() {
    const { clientWidth, clientHeight } = this.box;
    if (clientWidth > 0 && clientHeight > 0) this.onResize(clientWidth, clientHeight);
  }

  /** @param {ViewName} view */
  showView(view) {
    this.view = view;
    document.body.dataset.view = view;
    const isClassify = view === "classify";
    for (const button of buttons(".views button")) {
      if (button.dataset.view === view) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    byId("result", HTMLElement).hidden = !isClassify;
    byId("evaluation", HTMLElement).hidden = isClassify;
    byId("viewer-tools", HTMLElement).hidden = !isClassify;
    byId("stage", HTMLElement).setAttribute("aria-label", isClassify ? "Image" : "Charts");
    const [, image, result] = buttons(".panes button");
    image.textContent = isClassify ? "Image" : "Charts";
    result.textContent = isClassify ? "Result" : "Figures";
  }

  /** @param {string} pane what a narrow window shows */
  showPane(pane) {
    document.body.dataset.pane = pane;
    for (const button of buttons(".panes button")) {
      if (button.dataset.pane === pane) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }
}

/** @param {string} selector */
function buttons(selector) {
  return /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll(selector)]);
}
