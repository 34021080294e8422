// A link to a case: "#case=folder/image.png". Browsers send no fragment to a server. The page never puts one into its own address, which
// the browser's history would keep: file names may be patients' names.

/** @returns {string} path of the case that the address asks for, or "" */
export function caseInAddress() {
  return new URLSearchParams(location.hash.slice(1)).get("case") ?? "";
}

/** @param {string} path of a case */
export function linkToCase(path) {
  return `${location.href.split("#")[0]}#${new URLSearchParams({ case: path })}`;
}
