// Tables and sessions that take the place of all cases.
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
 * @param {Workbench} workbench
 * @param {File} file
 */
export async function openSession(workbench, file) {
  try {
    workbench.app.openSession(await file.text());
    workbench.batch.sync();
    const { cases } = workbench.app.state();
    workbench.notices.done(
      "session",
      `${file.name} is open`,
      `${cases === 1 ? "Its image is" : `Its ${cases} images are`} not in it: drop them to see them again.`,
    );
  } catch (error) {
    workbench.notices.error(
      `${file.name} was not opened`,
      messageOf(error),
      "A session is what Save writes as session.json.",
    );
  }
}
