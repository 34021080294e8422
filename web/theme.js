// The tokens of tokens.css, handed to the canvas at the start and whenever the system's theme changes.

const kTokens = ["surface", "panel", "line", "text", "quiet", "accent", "benign", "malignant", "no-result"];

export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const colours = kTokens.map((token) => [token.replace("-", "_"), style.getPropertyValue(`--${token}`).trim()]);
  return {
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    reduced_motion: matchMedia("(prefers-reduced-motion: reduce)").matches,
    ...Object.fromEntries(colours),
  };
}

/** @param {() => void} onChange */
export function watchTheme(onChange) {
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]) {
    matchMedia(query).addEventListener("change", onChange);
  }
}
