// What the views share: making elements, and what a page says of its reader.

/** JupyterLab leaves the keys of such an element alone. */
export const focusable = { "data-lm-suppress-shortcuts": "true" };

/** @param {string} tag @param {Record<string, any>} attributes @param {(Node | string)[]} children @returns {any} */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** An id that no other explorer of the page has. */
export function nextId() {
  const page = document.documentElement;
  page.dataset.explorerIds = String(Number(page.dataset.explorerIds ?? 0) + 1);
  return `explorer-${page.dataset.explorerIds}`;
}

/** Does the reader want no motion? */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {string} text @param {() => void} act @param {Record<string, any>} more */
export function button(text, act, more = {}) {
  const made = make("button", { type: "button", ...focusable, ...more }, text);
  made.addEventListener("click", act);
  return made;
}

const ICONS = {
  restart: "M3 2v12M14 2 6 8l8 6z",
  back: "M11 2 4 8l7 6z",
  play: "M4 2v12l9-6z",
  pause: "M4 2h3v12H4zM9 2h3v12H9z",
  forward: "M5 2l7 6-7 6z",
  all: "M13 2v12M2 2l8 6-8 6z",
  undo: "M6 2 2 6l4 4M2 6h8a4 4 0 0 1 0 8H6",
  redo: "M10 2l4 4-4 4M14 6H6a4 4 0 0 0 0 8h4",
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  if (/do$/.test(name)) svg.setAttribute("class", "explorer-line");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Words for those who hear the page. @param {string} text */
export const unseen = (text) => make("span", { class: "explorer-hidden" }, text);
