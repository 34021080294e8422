// The menu of what can be saved, and from when on.
import { byId, make } from "./dom.js";
import { canSave, kExports } from "./evaluate_view.js";

/**
 * @param {() => import("./types").SessionState} readState
 * @param {(fileName: string) => void} save
 */
export function connectSaveMenu(readState, save) {
  const menu = byId("save-menu", HTMLElement);
  menu.addEventListener("beforetoggle", () => {
    const state = readState();
    const items = kExports.map((file) => {
      const { name, says } = file;
      const button = make(
        "button",
        { type: "button", disabled: !canSave(file, state) },
        name,
        make("small", {}, says),
      );
      button.onclick = () => {
        menu.hidePopover();
        save(name);
      };
      return button;
    });
    const warning = make("p", {}, "While reading first: files name the images, and hold the calls that the page hides.");
    menu.replaceChildren(...(state.reads_first ? [warning] : []), ...items);
  });
}
