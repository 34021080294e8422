// Single charts as files: the core draws the SVG and writes the CSV, the browser makes the picture of it.
import { make } from "./dom.js";
import { saveBlob, saveText } from "./files.js";

const kPixelsPerUnit = 3; // fine enough for print at the chart's size

/** @typedef {"svg" | "png" | "csv"} ChartFormat */

/**
 * @param {import("./app_module.js").App} app
 * @param {string} chart see kChartNames of the core
 * @param {ChartFormat} format
 */
export async function saveChart(app, chart, format) {
  const text = app.chart(`${chart}.${format === "csv" ? "csv" : "svg"}`);
  if (format === "png") saveBlob(`${chart}.png`, await pictureOf(text));
  else saveText(`${chart}.${format}`, text);
}

/**
 * @param {string} svg
 * @returns {Promise<Blob>} PNG
 */
async function pictureOf(svg) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = make("canvas", { width: image.width * kPixelsPerUnit, height: image.height * kPixelsPerUnit });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser could not draw the chart"))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Buttons that save one chart.
 * @param {string} chart
 * @param {string} title
 * @param {(chart: string, format: ChartFormat) => void} onSave
 */
export function makeChartButtons(chart, title, onSave) {
  const buttons = /** @type {ChartFormat[]} */ (["svg", "png", "csv"]).map((format) => {
    const name = format.toUpperCase();
    const button = make("button", { type: "button", className: "small", id: `save-${chart}-${format}`, "aria-label": `Save ${title} as ${name}` }, name);
    button.onclick = () => onSave(chart, format);
    return button;
  });
  return make("span", { className: "chart-buttons" }, ...buttons);
}
