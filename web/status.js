// The status bar: progress, engine; and what a screen reader is told.
import { byId } from "./dom.js";

/** @typedef {import("./batch.js").Progress} Progress */

const kBetweenAnnouncements = 5000; // ms

/** @type {Record<string, string>} what the pause button does in a state of the batch; none in the others */
const kPauseActions = { running: "Pause", paused: "Continue", stopped: "Classify them" };

export class StatusBar {
  /** @param {{onPause: () => void, onStop: () => void, onRetry: () => void}} actions */
  constructor(actions) {
    this.bar = byId("progress-bar", HTMLProgressElement);
    this.text = byId("progress-text", HTMLElement);
    this.pause = byId("pause", HTMLButtonElement);
    this.stop = byId("stop", HTMLButtonElement);
    this.live = byId("live", HTMLElement);
    this.announced = 0;
    this.wasRunning = false;
    this.pause.onclick = actions.onPause;
    this.stop.onclick = actions.onStop;
    this.retry = byId("retry", HTMLButtonElement);
    this.retry.onclick = actions.onRetry;
  }

  /** @param {string} text */
  engine(text) {
    byId("engine", HTMLElement).textContent = text;
  }

  /** @param {string} text */
  announce(text) {
    this.live.textContent = text;
    this.announced = performance.now();
  }

  /**
   * @param {Progress} progress
   * @param {import("./types").SessionState} state
   */
  update(progress, state) {
    const isRunning = progress.state === "running" || progress.state === "paused";
    const text = progressText(progress, state);
    this.text.textContent = text;
    this.bar.hidden = !isRunning;
    this.bar.max = Math.max(1, progress.total);
    this.bar.value = progress.finished;
    const action = kPauseActions[progress.state] ?? "";
    this.pause.hidden = action === "";
    this.pause.textContent = action;
    this.stop.hidden = !isRunning;
    this.retry.hidden = isRunning || state.failed === 0;
    const isDue = performance.now() - this.announced > kBetweenAnnouncements;
    if (this.wasRunning !== isRunning || (isRunning && isDue)) this.announce(text);
    this.wasRunning = isRunning;
  }
}

/**
 * @param {Progress} progress
 * @param {import("./types").SessionState} session
 */
function progressText({ state, total, finished, rate, left }, session) {
  const failed = session.failed > 0 ? ` · ${session.failed} not read` : "";
  if (state === "waiting for a model") return `${left} waiting for the model`;
  if (state === "stopped") return `Stopped: ${left} not classified${failed}`;
  if (state === "idle") return session.cases > 0 ? `${session.done} of ${session.cases} classified${failed}` : "";
  const count = `${finished} of ${total}${failed}`;
  if (state === "paused") return `${count} · paused`;
  if (rate === 0) return count;
  const seconds = Math.ceil(left / rate);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
  return `${count} · ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} images/s · ${time}`;
}
