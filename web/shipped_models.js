// The models that ship with the page, and how one of them comes into use.

/** @typedef {import("./workbench.js").Workbench} Workbench */

export const kTissueModel = "breakhis";
export const kTeachingModel = "seed_cnn_phantoms";

/** @type {Record<string, {file: string, title: string}>} */
export const kShippedModels = {
  [kTissueModel]: { file: "models/breakhis.onnx", title: "Real tissue: BreaKHis" },
  [kTeachingModel]: { file: "models/seed_cnn_phantoms.onnx", title: "Teaching: drawn tissue" },
};

/** The one that an address asks for: "?model=seed_cnn_phantoms" opens the page with the teaching model. */
export function firstModel() {
  const asked = new URLSearchParams(location.search).get("model") ?? "";
  return Object.hasOwn(kShippedModels, asked) ? asked : kTissueModel;
}

/**
 * @param {Workbench} workbench
 * @param {string} key of kShippedModels
 * @returns {Promise<string>} "" or why it was not opened
 */
export async function openShippedModel(workbench, key) {
  const { file } = kShippedModels[key];
  const response = await fetch(new URL(file, import.meta.url)).catch(() => null);
  if (!response?.ok) return "its file could not be loaded";
  return workbench.openModel(new File([await response.blob()], file.split("/")[1]));
}
