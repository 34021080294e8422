// What the page writes: the core's texts as files of the browser's downloads.
import { saveText } from "./files.js";

/** @typedef {import("./workbench.js").Workbench} Workbench */

/**
 * The cases for people, with small pictures.
 * @param {Workbench} workbench
 * @param {boolean} withCodes
 */
async function caseReport({ app, files }, withCodes) {
  /** @type {Record<string, string>} */
  const pictures = {};
  for (const { id } of app.list({})) {
    const path = app.caseDetail(id)?.path;
    if (path !== undefined) pictures[path] = await files.picture(id);
  }
  const date = new Date().toISOString().slice(0, 10);
  return app.caseReport({ title: "lobule: cases", date, with_codes: withCodes, pictures });
}

/**
 * @param {Workbench} workbench
 * @param {string} fileName see app_export, or a case report
 */
export async function saveFile(workbench, fileName) {
  const { app, notices } = workbench;
  const isReport = fileName.startsWith("case_report");
  const text = isReport ? await caseReport(workbench, fileName.includes("coded")) : app.exportFile(fileName);
  if (text !== "") {
    saveText(fileName, text);
    return;
  }
  notices.error(
    fileName,
    "there is nothing to write yet",
    app.state().left_out > 0
      ? "Images of patients whom the model learned from are left out: Evaluate has a switch to count them."
      : "Classify at least one image; an evaluation needs labelled ones.",
  );
}
