// What moves a live figure: a slider, radio buttons or a menu, and buttons that go to named places. Each is [element, show].

import { button, focusable, make } from "./dom.js";

/** @typedef {{name: string, texts: string[], stops: [string, number][], radio: boolean, menu: boolean}} Control */

/** @param {Control} control @param {string} id @param {(k: number) => void} choose @returns {[any, (k: number) => void]} */
export function slider(control, id, choose) {
  const input = make("input", { type: "range", id, min: 0, max: control.texts.length - 1, step: 1, ...focusable });
  const value = make("output", { for: id });
  input.addEventListener("input", () => choose(Number(input.value)));
  /** @param {number} k */
  const show = (k) => {
    input.value = k;
    input.setAttribute("aria-valuetext", control.texts[k]);
    value.textContent = control.texts[k];
  };
  return [make("div", { class: "live-slider" }, make("label", { for: id }, control.name), input, value), show];
}

/** @param {Control} control @param {string} id @param {(k: number) => void} choose @returns {[any, (k: number) => void]} */
export function radios(control, id, choose) {
  const inputs = control.texts.map((_, k) => {
    const input = make("input", { type: "radio", name: id, id: `${id}-${k}`, ...focusable });
    input.addEventListener("change", () => choose(k));
    return input;
  });
  const pairs = inputs.map((input, k) => make("span", {}, input, make("label", { for: input.id }, control.texts[k])));
  const box = make("fieldset", { class: "live-radios" }, make("legend", {}, control.name), ...pairs);
  return [box, (k) => inputs.forEach((input, j) => (input.checked = j === k))];
}

/** @param {Control} control @param {string} id @param {(k: number) => void} choose @returns {[any, (k: number) => void]} */
export function menu(control, id, choose) {
  const select = make("select", { id, ...focusable });
  for (const [k, text] of control.texts.entries()) select.append(make("option", { value: k }, text));
  select.addEventListener("input", () => choose(Number(select.value)));
  const box = make("div", { class: "live-menu" }, make("label", { for: id }, control.name), select);
  return [box, (k) => (select.value = String(k))];
}

/** @param {Control} control @param {(k: number) => void} walk @returns {[any, (k: number) => void]} */
export function stopButtons(control, walk) {
  const buttons = control.stops.map(([name, k]) => button(name, () => walk(k)));
  const box = make("div", { class: "live-stops", role: "group", "aria-label": `${control.name}: go to` }, ...buttons);
  return [box, (k) => buttons.forEach((b, j) => b.setAttribute("aria-pressed", control.stops[j][1] === k))];
}
