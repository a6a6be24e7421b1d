// What the widgets and the explorer share: making elements, and what a page says of its reader.

/** JupyterLab leaves the keys of such an element alone. */
export const focusable = { "data-lm-suppress-shortcuts": "true" };

/** @param {string} tag @param {Record<string, any>} attributes @param {(Node | string)[]} children @returns {any} */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** An id that no other element of the page has: counted by the page, the same on every run. @param {string} kind */
export function nextId(kind) {
  const counts = document.documentElement.dataset;
  counts[`${kind}Ids`] = String(Number(counts[`${kind}Ids`] ?? 0) + 1);
  return `${kind}-${counts[`${kind}Ids`]}`;
}

/** @param {string} text @param {() => void} act @param {Record<string, any>} more */
export function button(text, act, more = {}) {
  const made = make("button", { type: "button", ...focusable, ...more }, text);
  made.addEventListener("click", act);
  return made;
}

/** Does the reader want no motion? */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
