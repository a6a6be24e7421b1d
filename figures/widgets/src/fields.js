// The controls of a question: a text for each number, a choice of words, one line for a whole answer. Each is
// {texts, chosen, show, fill, focus}: what was given, marks beside it, and how to put something in.

import { focusable, make, nextId } from "./dom.js";
import { fields, isRight } from "./judging.js";

/** @typedef {import("./types").Question} Question */

/** ✓ or ✗; a picture without a name is worse than none, so that an open mark is no picture yet.
 * @param {HTMLElement} element @param {boolean | null} right */
export function mark(element, right) {
  element.className = `blanks-mark blanks-${right === null ? "open" : right ? "right" : "wrong"}`;
  element.textContent = right === null ? "" : right ? "✓" : "✗";
  for (const [name, value] of [
    ["role", "img"],
    ["aria-label", right ? "right" : "wrong"],
  ])
    right === null ? element.removeAttribute(name) : element.setAttribute(name, value);
}

/** @param {string} label @param {Record<string, any>} attributes */
function textField(label, attributes) {
  const id = nextId("blank");
  const input = make("input", {
    type: "text",
    id,
    autocomplete: "off",
    "aria-describedby": `${id}-mark`,
    ...focusable,
    ...attributes,
  });
  const sign = make("span", { id: `${id}-mark` });
  mark(sign, null);
  input.addEventListener("input", () => {
    mark(sign, null);
    input.removeAttribute("aria-invalid");
  });
  /** @param {boolean | null} right */
  const show = (right) => {
    mark(sign, right);
    input.setAttribute("aria-invalid", String(right === false));
  };
  const box = make("div", { class: "blanks-cell" }, make("label", { for: id }, label), make("span", {}, input, sign));
  return { box, input, show };
}

/** The numbers of a question, in rows as its arrays have them. @param {Question} question @param {HTMLElement} root */
export function numbers(question, root) {
  const asked = fields(question);
  const made = asked.map(({ label }) => textField(label, { size: 7 }));
  let k = 0;
  for (const { labels } of question.blanks) {
    const rows = labels.map((row) => make("div", { class: "blanks-row" }, ...row.map(() => made[k++].box)));
    root.append(make("div", { class: "blanks-scroll" }, ...rows));
  }
  const texts = () => made.map(({ input }) => input.value);
  return {
    texts,
    show: () => made.forEach(({ show }, n) => show(isRight(question, asked[n], texts()[n]))),
    /** @param {string[]} given */
    fill: (given) => made.forEach(({ input }, n) => (input.value = given[n] ?? "")),
    answers: () => asked.map(({ answer }) => String(answer)),
  };
}

/** The options of a question. @param {Question} question @param {HTMLElement} root @param {string} labelledby */
export function choice({ options, answer }, root, labelledby) {
  const name = nextId("blank");
  const signs = options.map(() => make("span"));
  const clear = () => signs.forEach((sign) => mark(sign, null));
  const inputs = options.map((option, k) => {
    const input = make("input", { type: "radio", name, id: `${name}-${k}`, ...focusable });
    input.addEventListener("change", clear);
    return [input, make("label", { for: input.id }, option)];
  });
  clear();
  const rows = inputs.map((pair, k) => make("div", { class: "blanks-option" }, ...pair, signs[k]));
  if (rows.length)
    root.append(make("div", { class: "blanks-options", role: "radiogroup", "aria-labelledby": labelledby }, ...rows));
  const chosen = () => options[inputs.findIndex(([input]) => input.checked)] ?? "";
  return {
    chosen,
    show: () => inputs.forEach(([input], k) => mark(signs[k], input.checked ? chosen() === answer : null)),
    /** @param {string} given */
    choose: (given) => inputs.forEach(([input], k) => (input.checked = options[k] === given)),
  };
}

/** One line for the answer of an exercise. @param {import("./types").Entry} entry @param {HTMLElement} root */
export function line({ form }, root) {
  const { box, input, show } = textField("Your answer", {
    class: "blanks-line",
    spellcheck: "false",
    autocapitalize: "off",
  });
  const form_ = make("p", { class: "blanks-form", id: `${input.id}-form` }, `Write ${form}.`);
  input.setAttribute("aria-describedby", `${form_.id} ${input.id}-mark`);
  root.append(box, form_);
  return { text: () => input.value, show, fill: (/** @type {string} */ text) => (input.value = text) };
}
