// Before anything is drawn: light or dark where the person chose one, else what the system says. A classic script, so that the page does not flash.
{
  const link = /** @type {HTMLLinkElement} */ (document.getElementById("dark-tokens"));
  let chosen = null;
  try {
    chosen = localStorage.getItem("lobule-theme");
  } catch {
    // Storage is forbidden: the system's theme it is.
  }
  if (chosen === "dark") link.media = "all";
  if (chosen === "light") link.media = "not all";
}
