// Messages: what, why, and what to do next. Errors stand until they are dismissed, and can be copied.
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

const kDoneStays = 15_000; // ms: what is merely done does not lie over the picture for long

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
   * Something that is done, with what one may want to do next. A later one about the same subject takes its place.
   * @param {string} subject
   * @param {string} what
   * @param {string} detail
   * @param {{label: string, run: () => void, stays?: boolean}} [action] stays: until it is taken or dismissed, since it is not offered elsewhere
   */
  done(subject, what, detail, action) {
    const buttons = [];
    if (action) {
      const button = make("button", { type: "button", className: "small" }, action.label);
      button.onclick = () => {
        action.run();
        this.withdraw(subject);
      };
      buttons.push(button);
    }
    this.withdraw(subject);
    const notice = this.add(
      "done",
      "status",
      make("p", {}, make("b", {}, what)),
      [make("p", { className: "quiet" }, detail)],
      buttons,
    );
    notice.dataset.subject = subject;
    if (!action?.stays) this.withdrawLater(notice);
  }

  /**
   * Not while somebody reads it or has its button in focus.
   * @param {HTMLElement} notice
   */
  withdrawLater(notice) {
    setTimeout(() => {
      if (notice.matches(":hover, :focus-within")) this.withdrawLater(notice);
      else notice.remove();
    }, kDoneStays);
  }

  /**
   * Takes back what is no longer so.
   * @param {string} subject as given to done()
   */
  withdraw(subject) {
    this.remove(this.root.querySelector(`[data-subject="${subject}"]`));
  }

  /**
   * Who works with the keyboard must not fall to the page's start: focus goes on to what is left here, or to the view that is shown.
   * @param {Element | null} notice
   */
  remove(notice) {
    const focused = notice?.contains(document.activeElement);
    notice?.remove();
    if (!focused) return;
    const next = this.root.querySelector("button") ?? document.querySelector('.views [aria-current="page"]');
    if (next instanceof HTMLElement) next.focus();
  }

  /**
   * @param {string} kind
   * @param {string} role
   * @param {HTMLElement} title
   * @param {HTMLElement[]} lines
   * @param {HTMLElement[]} buttons
   * @returns {HTMLElement}
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
    dismiss.onclick = () => this.remove(notice);
    // The same message twice is one message.
    for (const old of this.root.querySelectorAll(".notice")) if (old.textContent === notice.textContent) old.remove();
    this.root.append(notice);
    return notice;
  }
}
