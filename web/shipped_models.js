// The models that ship with the page, and how one of them comes into use.
import { learnedFromDrawings } from "./model_view.js";

const kNotLoaded = "its file could not be loaded";
export const kTissueModel = "breakhis";
const kTeachingModel = "seed_cnn_phantoms";

/** @type {Record<string, {file: string, title: string}>} */
export const kShippedModels = {
  [kTissueModel]: { file: "models/breakhis.onnx", title: "Real tissue: BreaKHis" },
  idc: { file: "models/idc.onnx", title: "Small patches of real tissue: IDC" },
  [kTeachingModel]: { file: "models/seed_cnn_phantoms.onnx", title: "Teaching: drawn tissue" },
};

/** The one that an address asks for: "?model=seed_cnn_phantoms" opens the page with the teaching model. */
function firstModel() {
  const asked = new URLSearchParams(location.search).get("model") ?? "";
  return Object.hasOwn(kShippedModels, asked) ? asked : kTissueModel;
}

export class ShippedModels {
  /**
   * @param {import("./workbench.js").Workbench} workbench
   * @param {import("./model_view.js").ModelView} view
   * @param {import("./errors.js").Notices} notices
   */
  constructor(workbench, view, notices) {
    this.workbench = workbench;
    this.view = view;
    this.notices = notices;
  }

  /** The first screen's model. */
  async openFirst() {
    const cause = await this.open(firstModel());
    if (this.workbench.facts && cause === "") {
      this.view.card(this.workbench.facts);
    } else {
      this.view.update(this.workbench.facts);
      this.view.cardFailure(cause);
    }
  }

  /**
   * @param {string} key of kShippedModels
   * @returns {Promise<boolean>} whether it is in use now
   */
  async use(key) {
    const cause = await this.open(key);
    if (cause === "") return true;
    this.view.update(this.workbench.facts);
    if (cause === kNotLoaded)
      this.notices.error(kShippedModels[key].title, cause, "Reload the page while its server can be reached.");
    return false;
  }

  /**
   * Sample cases are drawn: a model of real tissue has nothing to say to them.
   * @param {File} file
   */
  async openSample(file) {
    if (this.workbench.facts === null || !learnedFromDrawings(this.workbench.facts)) {
      if (!(await this.use(kTeachingModel))) return;
      this.notices.done(
        "model",
        "The teaching model is in use",
        "Sample cases are drawn, not tissue, and so is all that this model was trained on.",
        { label: "Use the model of real tissue", run: () => this.use(kTissueModel) },
      );
    }
    this.workbench.addSample(file);
  }

  /**
   * @param {string} key of kShippedModels
   * @returns {Promise<string>} "" or why it was not opened
   */
  async open(key) {
    const { file } = kShippedModels[key];
    const response = await fetch(new URL(file, import.meta.url)).catch(() => null);
    if (!response?.ok) return kNotLoaded;
    return this.workbench.openModel(new File([await response.blob()], file.split("/")[1]));
  }
}
