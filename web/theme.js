// The tokens of tokens.css and tokens_dark.css, handed to the canvas at the start and whenever the theme changes.
import { byId } from "./dom.js";
import { recall, remember } from "./memory.js";

/** @typedef {"system" | "light" | "dark"} ThemeName */

const kTokens = ["surface", "panel", "line", "text", "quiet", "accent", "benign", "malignant", "no-result"];

/** When the dark tokens hold. */
const kMedia = { system: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

const darkTokens = byId("dark-tokens", HTMLLinkElement);

export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const colours = kTokens.map((token) => [token.replace("-", "_"), style.getPropertyValue(`--${token}`).trim()]);
  return {
    dark: matchMedia(darkTokens.media).matches,
    reduced_motion: matchMedia("(prefers-reduced-motion: reduce)").matches,
    ...Object.fromEntries(colours),
  };
}

/** @returns {ThemeName} */
export function chosenTheme() {
  const name = recall("theme");
  return name === "light" || name === "dark" ? name : "system";
}

/** @param {ThemeName} name remembered by this browser */
export function chooseTheme(name) {
  remember("theme", name === "system" ? "" : name);
  darkTokens.media = kMedia[name];
  window.dispatchEvent(new Event("lobule-theme"));
}

/** @param {() => void} onChange */
export function watchTheme(onChange) {
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]) {
    matchMedia(query).addEventListener("change", onChange);
  }
  window.addEventListener("lobule-theme", onChange);
}
