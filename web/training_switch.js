// Whether images of patients that the model learned from are in the figures, and how many they are.
import { make } from "./dom.js";

/**
 * @param {import("./types").SessionState} state
 * @param {(isOn: boolean) => void} onSwitch
 */
export function makeTrainingSwitch({ in_training, counts_training, left_out }, onSwitch) {
  const box = make("input", { type: "checkbox", id: "count-training", checked: counts_training });
  box.onchange = () => onSwitch(box.checked);
  const images = (/** @type {number} */ count) => (count === 1 ? "1 image" : `${count} images`);
  const words = counts_training
    ? `${images(in_training)} of patients whom the model learned from: they flatter it.`
    : `${images(left_out)} left out. In a saved predictions.csv they are marked, and lobule evaluate leaves them out as well.`;
  return make(
    "p",
    { className: "training-switch" },
    make("label", {}, box, " Count images of training patients"),
    make("span", { className: "quiet", id: "training-words" }, words),
  );
}
