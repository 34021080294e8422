// The first screen's sample cases: synthetic, and saying so.
import { byId, make } from "./dom.js";

/** @typedef {import("./types").SampleCase} SampleCase */

const kFolder = new URL("samples/", import.meta.url);

/**
 * Opens the sample case that an address names.
 * @param {string} path
 */
export function openSampleOf(path) {
  const button = document.querySelector(`#samples button[data-file="${CSS.escape(path)}"]`);
  if (button instanceof HTMLButtonElement) button.click();
}

/**
 * Shows a button for each sample; a click opens it as a case.
 * @param {(file: File, sample: SampleCase) => void} onOpen
 * @param {(name: string, cause: string) => void} onFailure
 */
export async function showSamples(onOpen, onFailure) {
  const root = byId("samples", HTMLElement);
  const response = await fetch(new URL("samples.json", kFolder)).catch(() => null);
  if (!response?.ok) {
    root.replaceChildren(make("p", { className: "quiet" }, "The sample cases could not be loaded."));
    return;
  }
  /** @type {{samples: SampleCase[]}} */
  const { samples } = await response.json();
  for (const sample of samples) {
    const url = new URL(sample.file, kFolder);
    const picture = make("img", { src: url.href, alt: "", width: 122, height: 84, loading: "lazy" });
    const button = make(
      "button",
      { type: "button", title: sample.description },
      picture,
      make("span", {}, sample.title),
      make("span", { className: "quiet" }, "Synthetic"),
    );
    button.dataset.file = sample.file;
    button.onclick = async () => {
      try {
        const blob = await (await fetch(url)).blob();
        onOpen(new File([blob], sample.file, { type: blob.type }), sample);
      } catch (error) {
        onFailure(sample.file, error instanceof Error ? error.message : String(error));
      }
    };
    root.append(button);
  }
}
