// The command palette (Ctrl+K): everything that the page can do, by typing a part of its name.
import { byId, make } from "./dom.js";

/** @typedef {{name: string, keys?: string, run: () => void, isAvailable?: () => boolean}} Command */

export class CommandPalette {
  /** @param {() => Command[]} listCommands asked each time, since models and classes change */
  constructor(listCommands) {
    this.listCommands = listCommands;
    this.dialog = byId("commands", HTMLDialogElement);
    this.input = byId("command-text", HTMLInputElement);
    this.list = byId("command-list", HTMLElement);
    /** @type {Command[]} */
    this.shown = [];
    this.place = 0;
    this.input.oninput = () => this.show();
    this.input.onkeydown = (event) => this.move(event);
    this.dialog.onclick = (event) => {
      if (event.target === this.dialog) this.dialog.close(); // beside it
    };
  }

  open() {
    if (this.dialog.open) return;
    this.input.value = "";
    this.show();
    this.dialog.showModal();
  }

  show() {
    this.place = 0;
    this.shown = this.listCommands()
      .filter(({ name, isAvailable }) => matches(name, this.input.value) && (isAvailable?.() ?? true))
      .sort((a, b) => firstMatch(a.name, this.input.value) - firstMatch(b.name, this.input.value));
    this.draw();
  }

  draw() {
    this.list.replaceChildren(
      ...this.shown.map((command, index) => {
        const item = make("li", { id: `command-${index}`, role: "option" }, make("span", {}, command.name));
        item.setAttribute("aria-selected", String(index === this.place));
        if (command.keys) item.append(make("kbd", {}, command.keys));
        item.onclick = () => this.run(index);
        return item;
      }),
    );
    byId("command-none", HTMLElement).hidden = this.shown.length > 0;
    if (this.shown.length > 0) this.input.setAttribute("aria-activedescendant", `command-${this.place}`);
    else this.input.removeAttribute("aria-activedescendant");
    this.list.children[this.place]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && this.shown.length > 0) {
      this.place = (this.place + step + this.shown.length) % this.shown.length;
      this.draw();
    } else if (event.key === "Enter") this.run(this.place);
    else return;
    event.preventDefault();
  }

  /** @param {number} place */
  run(place) {
    const command = this.shown[place];
    if (!command) return;
    this.dialog.close(); // focus goes back to where it was before anything else happens
    command.run();
  }
}

/** @param {string} text */
const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * Whether each typed word begins a word of the name.
 * @param {string} name @param {string} typed
 */
function matches(name, typed) {
  const words = wordsOf(name);
  return wordsOf(typed).every((part) => words.some((word) => word.startsWith(part)));
}

/**
 * Names that begin with what was typed come first; otherwise the list's order stays.
 * @param {string} name @param {string} typed
 */
function firstMatch(name, typed) {
  return name.toLowerCase().startsWith(typed.trim().toLowerCase()) ? 0 : 1;
}
