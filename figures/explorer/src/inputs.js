// The kinds of controls: a slider, a choice of a few, a list, a switch. Each follows the state.

import { button, focusable, make, nextId, steady, unseen } from "./dom.js";

/** @typedef {{element: any, follow: () => void}} Control */

const spoken = (/** @type {any} */ value) =>
  String(value).replace("-", " before, ") + (String(value).includes("-") ? " after" : "");

/** @param {string} words @param {any[]} values @param {() => any} now @param {(value: any, live: boolean) => void} choose @returns {Control} */
export function slider(words, values, now, choose) {
  const id = nextId("explorer");
  const input = make("input", { type: "range", id, min: 0, max: values.length - 1, step: 1, ...focusable });
  const widest = values.map(spoken).reduce((a, b) => (b.length > a.length ? b : a), "");
  // the slider tells its value by itself: heard, the output would be a second voice
  const output = steady(make("output", { for: id, "aria-hidden": "true" }), widest);
  input.addEventListener("input", () => choose(values[Number(input.value)], true));
  input.addEventListener("change", () => choose(values[Number(input.value)], false));
  const follow = () => {
    input.value = Math.max(0, values.indexOf(now()));
    output.textContent = spoken(now());
    input.setAttribute("aria-valuetext", spoken(now()));
  };
  return {
    element: make("div", { class: "explorer-slider" }, make("label", { for: id }, words), output, input),
    follow,
  };
}

/** @param {string} words @param {[string, string][]} choices @param {() => string} now @param {(value: string) => void} choose @returns {Control} */
export function choice(words, choices, now, choose) {
  const name = nextId("explorer");
  const inputs = choices.map(([value]) =>
    make("input", { type: "radio", name, id: `${name}-${value}`, value, ...focusable }),
  );
  for (const input of inputs) input.addEventListener("change", () => choose(input.value));
  const follow = () => {
    for (const input of inputs) input.checked = input.value === now();
  };
  const spans = inputs.map((input, k) => make("span", {}, input, make("label", { for: input.id }, choices[k][1])));
  return { element: make("fieldset", { class: "explorer-choice" }, make("legend", {}, words), ...spans), follow };
}

/** @param {string} words @param {any[]} options what make() takes @param {() => string} now @param {(value: string) => void} choose @returns {Control} */
export function list(words, options, now, choose) {
  const id = nextId("explorer");
  const select = make("select", { id, ...focusable }, ...options);
  select.addEventListener("change", () => choose(select.value));
  const follow = () => {
    select.value = now();
  };
  return {
    element: make("div", { class: "explorer-slider explorer-list" }, make("label", { for: id }, words), select),
    follow,
  };
}

/** A button that stays pressed. @param {string} words @param {() => boolean} now @param {() => void} press @param {string} [more] heard, not seen @returns {Control} */
export function toggle(words, now, press, more) {
  const element = button("", press);
  element.append(...(more ? [unseen(more)] : []), words);
  return { element, follow: () => element.setAttribute("aria-pressed", String(now())) };
}

/** Several controls in one box that follow together. @param {any} element @param {Control[]} controls @returns {Control} */
export function together(element, controls) {
  const follow = () => {
    for (const control of controls) control.follow();
  };
  return { element, follow };
}
