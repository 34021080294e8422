// What this browser remembers of how the page is set up: a theme, an order. Nothing of cases. Where storage is forbidden, nothing.

/** @param {string} key */
export function recall(key) {
  try {
    return localStorage.getItem(`lobule-${key}`) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {string} key
 * @param {string} value "": forgotten
 */
export function remember(key, value) {
  try {
    if (value === "") localStorage.removeItem(`lobule-${key}`);
    else localStorage.setItem(`lobule-${key}`, value);
  } catch {
    // Then it holds until the page is closed.
  }
}
