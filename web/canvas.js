// What the canvas needs to start, and what wakes it.

/** Events on the canvas after which it may want to draw. */
export const kWakingEvents = [
  "pointerdown",
  "pointermove",
  "pointerup",
  "pointerleave",
  "wheel",
  "dblclick",
  "touchstart",
  "touchmove",
  "touchend",
  "focus",
  "blur",
  "webglcontextlost",
  "webglcontextrestored",
];

export async function loadFont() {
  const response = await fetch(new URL("fonts/Inter-Regular.otf", import.meta.url));
  if (!response.ok) throw new Error(`the canvas' font could not be loaded (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}
