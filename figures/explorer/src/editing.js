// Typing into a cell: a number for x, w or dy, or the answer to a closed one.

import { indexOf, nameOf } from "./arrays.js";
import { focusable, make } from "./dom.js";
import { closed, value } from "./sums.js";
import { label } from "./words.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

/** @param {Explorer} explorer @param {string} key @param {string} [typed] the key that opened the field */
export function edit(explorer, key, typed) {
  const { state, given } = explorer;
  const td = explorer.cells.get(key);
  if (!td?.value) return;
  const shut = closed(key, state, given);
  const name = label(nameOf(key), indexOf(key), state);
  const words = shut ? `value of ${name}` : `new value of ${name}`;
  const input = make("input", {
    type: "text",
    inputmode: "text",
    autocomplete: "off",
    "aria-label": words,
    ...focusable,
  });
  const before = shut ? "" : String(value(key, state, given));
  input.value = typed ?? before;
  td.value.replaceChildren(input);
  let done = false; // taking the input away makes it lose the focus: a blur within a finish

  /** @param {boolean} keep @param {boolean} focus */
  const finish = (keep, focus) => {
    if (done) return;
    done = true;
    explorer.leave = () => {};
    const text = input.value.trim();
    td.value.replaceChildren();
    if (keep && text && text !== before) explorer.dispatch({ type: shut ? "answer" : "put", key, text });
    else explorer.dispatch({ type: "notice", text: "" });
    explorer.refresh();
    if (focus) td.focus();
  };
  explorer.leave = () => {
    done = true; // the grid is built anew: nothing is taken from the field
  };
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    if (event.key === "Enter") finish(true, true);
    if (event.key === "Escape") finish(false, true);
  });
  input.addEventListener("blur", () => finish(true, false));
  input.focus();
  if (typed === undefined) input.select();
}
