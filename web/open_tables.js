// Tables, sessions and evaluations from their files.
import { messageOf } from "./messages.js";

/** @typedef {import("./workbench.js").Workbench} Workbench */

/**
 * @param {Workbench} workbench
 * @param {File} file
 */
export async function openTable(workbench, file) {
  try {
    workbench.app.openPredictions(await file.text());
    workbench.batch.sync();
    workbench.listener.showEvaluation();
    workbench.listener.announce(`${file.name} opened`);
  } catch (error) {
    workbench.notices.error(
      `${file.name} was not opened`,
      messageOf(error),
      "A predictions table has at least the columns path, label and p_<positive class>.",
    );
  }
}

/**
 * Predictions of another model, to compare these with.
 * @param {Workbench} workbench
 * @param {File} file
 */
export async function openBaseline(workbench, file) {
  try {
    workbench.app.setBaseline(file.name, await file.text());
    workbench.listener.announce(`Compared with ${file.name}`);
    workbench.listener.changed();
  } catch (error) {
    workbench.notices.error(
      `${file.name} cannot be compared with`,
      messageOf(error),
      "Choose a predictions.csv of the same images, with the same classes.",
    );
  }
}

/**
 * A JSON file is a session or an evaluation: it says so itself.
 * @param {Workbench} workbench
 * @param {File} file
 */
export async function openDocument(workbench, file) {
  const text = await file.text();
  try {
    if (kindOf(text) === "lobule evaluation") openEvaluation(workbench, file, text);
    else openSession(workbench, file, text);
  } catch (error) {
    workbench.notices.error(
      `${file.name} was not opened`,
      messageOf(error),
      "Save writes session.json and evaluation.json, and \"lobule evaluate\" an evaluation.json.",
    );
  }
}

/** @param {string} text @returns {string} what the file says that it is, or "" */
function kindOf(text) {
  try {
    return String(JSON.parse(text)?.kind ?? "");
  } catch {
    return ""; // the core says what is wrong with it
  }
}

/** @param {Workbench} workbench @param {File} file @param {string} text */
function openEvaluation(workbench, file, text) {
  workbench.app.openEvaluation(text);
  workbench.openedEvaluation = file.name;
  workbench.listener.showEvaluation();
  workbench.listener.announce(`${file.name} opened`);
}

/** @param {Workbench} workbench @param {File} file @param {string} text */
function openSession(workbench, file, text) {
  workbench.app.openSession(text);
  workbench.batch.sync();
  const { cases } = workbench.app.state();
  workbench.notices.done(
    "session",
    `${file.name} is open`,
    `${cases === 1 ? "Its image is" : `Its ${cases} images are`} not in it: drop them to see them again.`,
  );
}
