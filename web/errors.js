// Messages that stand until they are dismissed: what, why, and what to do next; they can be copied.
import { byId, make, makeCopyButton } from "./dom.js";

/**
 * What a person can do about a cause that the core or the browser gave.
 * @param {string} cause
 */
export function nextStep(cause) {
  /** @type {[RegExp, string][]} */
  const steps = [
    [/truncat|cut short|ends|incomplete|no end/i, "The file is not whole: copy or download it again."],
    [/tiff/i, "Save it as PNG with your slide software or an image editor, then add it again."],
    [/limit|too (large|small)|pixels/i, "Crop or export the region of interest at a size within the limits."],
    [/no longer be read/i, "Add the file again from where it lies now."],
    [/memory/i, "Close other pages or export a smaller region."],
    [/engine/i, "Add the file again; if it happens again, the file is at fault."],
    [/no model/i, "Drop a lobule model (.onnx) on the page."],
  ];
  return (
    steps.find(([pattern]) => pattern.test(cause))?.[1] ??
    "Open it in an image viewer and save it as PNG, then add it again."
  );
}

export class Notices {
  constructor() {
    this.root = byId("notices", HTMLElement);
  }

  /**
   * @param {string} what with the file's name
   * @param {string} cause
   * @param {string} step what to do next
   */
  error(what, cause, step) {
    const text = `${what}: ${cause}. ${step}`;
    this.add(
      "error",
      "alert",
      make("p", {}, make("b", {}, what)),
      [make("p", {}, cause), make("p", { className: "quiet" }, step)],
      [makeCopyButton(text, "this message")],
    );
  }

  /**
   * Something that is done, with what one may want to do next.
   * @param {string} what
   * @param {string} detail
   * @param {{label: string, run: () => void}} [action]
   */
  done(what, detail, action) {
    const buttons = [];
    if (action) {
      const button = make("button", { type: "button", className: "small" }, action.label);
      button.onclick = () => {
        button.closest(".notice")?.remove();
        action.run();
      };
      buttons.push(button);
    }
    this.add(
      "done",
      "status",
      make("p", {}, make("b", {}, what)),
      [make("p", { className: "quiet" }, detail)],
      buttons,
    );
  }

  /**
   * Takes back what is no longer so.
   * @param {string} start of what was done
   */
  withdraw(start) {
    for (const notice of this.root.querySelectorAll(".notice.done")) {
      if (notice.textContent?.startsWith(start)) notice.remove();
    }
  }

  /**
   * @param {string} kind
   * @param {string} role
   * @param {HTMLElement} title
   * @param {HTMLElement[]} lines
   * @param {HTMLElement[]} buttons
   */
  add(kind, role, title, lines, buttons) {
    const dismiss = make(
      "button",
      { type: "button", className: "small", "aria-label": "Dismiss this message" },
      "Dismiss",
    );
    const notice = make(
      "div",
      { className: `notice ${kind}`, role },
      title,
      ...lines,
      make("div", { className: "buttons" }, ...buttons, dismiss),
    );
    dismiss.onclick = () => notice.remove();
    // The same message twice is one message.
    for (const old of this.root.querySelectorAll(".notice")) if (old.textContent === notice.textContent) old.remove();
    this.root.append(notice);
  }
}
