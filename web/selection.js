// Several cases of the list, chosen as in a file manager: what labels and Delete then act on. One alone is no selection: it is the case that is shown.

/** @typedef {{shiftKey: boolean, ctrlKey: boolean, metaKey: boolean}} Modifiers */

export class Selection {
  constructor() {
    /** @type {Set<number>} */
    this.ids = new Set();
    this.anchor = 0; // where a range begins
  }

  get size() {
    return this.ids.size;
  }

  /** @param {number} caseId */
  has(caseId) {
    return this.ids.has(caseId);
  }

  clear() {
    this.ids = new Set();
    this.anchor = 0;
  }

  /** @param {number[]} order ids as they are listed: what is not among them cannot be seen, so it is not chosen */
  keepOnly(order) {
    if (this.size === 0) return;
    this.choose(order.filter((id) => this.ids.has(id)));
  }

  /** @param {number[]} order */
  all(order) {
    this.choose(order);
  }

  /**
   * @param {number[]} order
   * @param {number} shown the case that was looked at
   * @param {number} to
   */
  extend(order, shown, to) {
    const from = order.indexOf(this.anchor) >= 0 ? this.anchor : shown;
    this.anchor = from;
    const [low, high] = [order.indexOf(from), order.indexOf(to)].sort((a, b) => a - b);
    if (low >= 0) this.choose(order.slice(low, high + 1));
  }

  /**
   * @param {number} shown
   * @param {number} caseId
   * @returns {number} the case to be shown: one that is chosen
   */
  toggle(shown, caseId) {
    const chosen = new Set(this.size > 0 ? this.ids : shown === 0 ? [] : [shown]);
    if (!chosen.delete(caseId)) chosen.add(caseId);
    this.anchor = caseId;
    this.choose([...chosen]);
    if (chosen.has(caseId) || chosen.size === 0) return caseId;
    return chosen.has(shown) ? shown : [...chosen][0];
  }

  /**
   * What a click on a case does to the selection.
   * @param {Modifiers} modifiers
   * @param {number[]} order
   * @param {number} shown
   * @param {number} caseId
   * @returns {number} the case to be shown
   */
  click({ shiftKey, ctrlKey, metaKey }, order, shown, caseId) {
    if (ctrlKey || metaKey) return this.toggle(shown, caseId);
    if (shiftKey) this.extend(order, shown, caseId);
    else this.clear();
    return caseId;
  }

  /** @param {number[]} ids */
  choose(ids) {
    this.ids = new Set(ids.length > 1 ? ids : []);
  }
}
