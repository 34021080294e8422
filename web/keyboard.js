// The keys, and the list of them that "?" shows.
import { byId, make } from "./dom.js";

/** @typedef {{keys: string, does: string, run: (key: string) => void, matches: string[]}} Shortcut */

/**
 * @param {Shortcut[]} shortcuts
 * @param {() => void} onUndo Ctrl+Z or Cmd+Z
 */
export function watchKeys(shortcuts, onUndo) {
  /** @type {Map<string, (key: string) => void>} */
  const byKey = new Map();
  for (const { matches, run } of shortcuts) for (const key of matches) byKey.set(key, run);
  const dialog = byId("keys", HTMLDialogElement);
  fillDialog(dialog, shortcuts);
  byKey.set("?", () => dialog.showModal());

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || dialog.open || isTyping(event.target)) return;
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
      event.preventDefault();
      onUndo();
      return;
    }
    // AltGr is Ctrl and Alt on some systems, and how "[" is typed on some keyboards.
    const isCommand = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
    if (isCommand) return;
    const run = byKey.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!run) return;
    event.preventDefault();
    run(event.key);
  });
}

/** @param {EventTarget | null} target where a key already means something else */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return true;
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Shortcut[]} shortcuts
 */
function fillDialog(dialog, shortcuts) {
  const rows = [
    ...shortcuts.map(({ keys, does }) => ({ keys, does })),
    { keys: "Ctrl+Z", does: "Undo a label, a removal, a threshold" },
    { keys: "Ctrl+scroll", does: "Opacity of the heat map" },
    { keys: "?", does: "This list" },
  ];
  const table = make("table", {});
  for (const { keys, does } of rows) {
    const cell = make("th", { scope: "row" });
    keys.split(" ").forEach((key, index) => cell.append(index > 0 ? " " : "", make("kbd", {}, key)));
    table.append(make("tr", {}, cell, make("td", {}, does)));
  }
  const close = make("button", { type: "button", className: "primary" }, "Close");
  close.onclick = () => dialog.close();
  dialog.append(make("h2", { id: "keys-title" }, "Keys"), table, close);
}
