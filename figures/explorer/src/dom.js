// What the views share: the elements that all widgets make, and pictures on buttons.

import { make } from "../../widgets/src/dom.js";

export { button, calm, focusable, make, nextId } from "../../widgets/src/dom.js";

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

/** A text that changes is as wide as its widest, so that nothing beside it moves. @param {any} element @param {string} widest */
export function steady(element, widest) {
  element.classList.add("explorer-steady");
  element.dataset.widest = widest; // laid out by the stylesheet, not seen
  return element;
}

/** Words for those who hear the page. @param {string} text */
export const unseen = (text) => make("span", { class: "explorer-hidden" }, text);
