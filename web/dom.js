// Making and finding elements, so that the views read like what they show.

/**
 * The element with this id, of the class that is expected.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} called ${id}`);
  return found;
}

/**
 * An element with properties, attributes (names with a dash, or "role") and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * A list of facts: term and description in turns.
 * @param {[string, Node | string][]} facts
 */
export function makeFacts(facts) {
  const list = make("dl", { className: "facts" });
  for (const [term, description] of facts) list.append(make("dt", {}, term), make("dd", {}, description));
  return list;
}

/** The sentence of the page's status bar, for wherever else a result stands. */
export function makeResearchNotice() {
  return make("p", { className: "ruo-here" }, byId("research-use-only", HTMLElement).textContent);
}

/**
 * A button that copies a text and says so for a moment.
 * @param {string} text
 * @param {string} name what is copied, for screen readers
 */
export function makeCopyButton(text, name) {
  const button = make("button", { type: "button", className: "small", "aria-label": `Copy ${name}` }, "Copy");
  button.onclick = async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  };
  return button;
}
