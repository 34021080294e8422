// The tools under the canvas: they ask for a command (see app_viewer_command) and show what is on.
import { byId } from "./dom.js";

/** @typedef {import("./types").SessionState} SessionState */

/** What the viewer can show of an image, in the order of the S key. */
export const kChannels = {
  as_scanned: "as scanned",
  haematoxylin: "haematoxylin",
  eosin: "eosin",
  optical_density: "optical density",
  tissue: "tissue found",
};

export class ViewerTools {
  /**
   * @param {{command: (name: string) => void, setOpacity: (opacity: number) => void}} actions
   */
  constructor({ command, setOpacity }) {
    for (const button of /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("[data-viewer]")])) {
      button.onclick = () => command(button.dataset.viewer ?? "");
    }
    this.compare = byId("compare", HTMLButtonElement);
    this.models = byId("compare-models", HTMLButtonElement);
    this.camToggle = byId("cam-toggle", HTMLButtonElement);
    this.channel = byId("channel", HTMLSelectElement);
    this.channel.append(...Object.entries(kChannels).map(([key, name]) => new Option(name, key)));
    this.channel.onchange = () => command(`channel_${this.channel.value}`);
    this.camSign = byId("cam-sign", HTMLSelectElement);
    this.camSign.onchange = () => command(`cam_${this.camSign.value}`);
    this.opacity = byId("cam-opacity", HTMLInputElement);
    this.opacity.oninput = () => setOpacity(this.opacity.valueAsNumber);
  }

  /** @param {SessionState} state */
  update({ cam_on, cam_opacity, cam_sign, channel, pinned, can_compare_models, compares_models, selected }) {
    this.camToggle.setAttribute("aria-pressed", String(cam_on));
    this.opacity.value = String(cam_opacity);
    this.camSign.value = cam_sign;
    this.channel.value = channel;
    this.compare.setAttribute("aria-pressed", String(pinned !== 0));
    this.compare.disabled = selected === 0;
    this.models.hidden = !can_compare_models;
    this.models.setAttribute("aria-pressed", String(compares_models));
    this.models.disabled = selected === 0;
  }
}

/**
 * What is said after a command, for who does not see the canvas; "" where there is nothing to say.
 * @param {string} command
 * @param {SessionState} state after it
 */
export function spokenAfter(command, { channel, pinned, can_compare_models, compares_models, selected }) {
  if (command === "next_channel") return `Stain: ${kChannels[/** @type {keyof typeof kChannels} */ (channel)]}`;
  if (command === "toggle_models" && !can_compare_models) return "There is no other model: open one to compare the two";
  if (command === "toggle_models") return compares_models ? "The model before, and beside it this one" : "This model alone";
  if (command !== "toggle_compare" || selected === 0) return "";
  return pinned === 0 ? "No longer compared" : "This case stays: select another one to compare it with";
}
