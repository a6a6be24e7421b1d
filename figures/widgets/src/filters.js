// What the tables that are filtered in the page share: a field with its name, and a choice with "all".

import { focusable, make, nextId } from "./dom.js";

/** @param {string} name @param {any} field */
export const named = (name, field) => {
  const id = nextId("audit");
  field.id = id;
  return make("div", { class: "audit-field" }, make("label", { for: id }, name), field);
};

/** A select of [value, words], and the same with its name. @param {string} name @param {string[][]} options */
export const choice = (name, options) => {
  const select = make("select", focusable, make("option", { value: "" }, "all"));
  for (const [value, text] of options) select.append(make("option", { value }, text));
  return [select, named(name, select)];
};

/** The words of a search, each of which must be found. @param {string} typed */
export const wanted = (typed) => typed.toLowerCase().split(/\s+/).filter(Boolean);
