// The menu of what can be saved, and from when on.
import { byId, make } from "./dom.js";
import { kExports } from "./evaluate_view.js";

/**
 * @param {() => import("./types").SessionState} readState
 * @param {(fileName: string) => void} save
 */
export function connectSaveMenu(readState, save) {
  const menu = byId("save-menu", HTMLElement);
  menu.addEventListener("beforetoggle", () => {
    const { done, labelled } = readState();
    const items = kExports.map(({ name, says, needsLabels }) => {
      const button = make(
        "button",
        { type: "button", disabled: done === 0 || (needsLabels && labelled === 0) },
        name,
        make("small", {}, says),
      );
      button.onclick = () => {
        menu.hidePopover();
        save(name);
      };
      return button;
    });
    menu.replaceChildren(...items);
  });
}
