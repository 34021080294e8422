// The keys, and the list of them that "?" shows.
import { byId, make } from "./dom.js";

/** @typedef {{keys: string, does: string, run: (key: string, isShift: boolean) => void, matches: string[]}} Shortcut */

export function showKeys() {
  byId("keys", HTMLDialogElement).showModal();
}

/**
 * @param {Shortcut[]} shortcuts
 * @param {{undo: () => void, redo: () => void, commands: () => void, selectAll: () => void}} actions Ctrl or Cmd with Z, Shift+Z or Y, K, A
 */
export function watchKeys(shortcuts, actions) {
  /** @type {Map<string, (key: string, isShift: boolean) => void>} */
  const byKey = new Map();
  for (const { matches, run } of shortcuts) for (const key of matches) byKey.set(key, run);
  const dialog = byId("keys", HTMLDialogElement);
  fillDialog(dialog, shortcuts);
  byKey.set("?", showKeys);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const action = actionOf(event);
    if (action === "commands" || (action && !isTyping(event.target))) {
      event.preventDefault();
      actions[action]();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === "Escape" && document.querySelector(":popover-open")) return; // it closes that
    // AltGr is Ctrl and Alt on some systems, and how "[" is typed on some keyboards.
    const isCommand = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
    if (isCommand) return;
    const run = byKey.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!run) return;
    event.preventDefault();
    run(event.key, event.shiftKey);
  });
}

/**
 * @param {KeyboardEvent} event
 * @returns {"undo" | "redo" | "commands" | "selectAll" | null}
 */
function actionOf({ ctrlKey, metaKey, shiftKey, altKey, key }) {
  if (!(ctrlKey || metaKey) || altKey) return null;
  const letter = key.toLowerCase();
  if (letter === "z") return shiftKey ? "redo" : "undo";
  if (shiftKey) return null;
  if (letter === "a") return "selectAll";
  return letter === "y" ? "redo" : letter === "k" ? "commands" : null;
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
    { keys: "Shift+↑ Shift+↓", does: "Select several cases; Ctrl+click adds one" },
    { keys: "Ctrl+A", does: "Select all listed cases" },
    { keys: "Ctrl+Z", does: "Undo a label, a reading, a removal, a threshold" },
    { keys: "Ctrl+Shift+Z", does: "Do it again" },
    { keys: "Ctrl+K", does: "All commands, by name" },
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
