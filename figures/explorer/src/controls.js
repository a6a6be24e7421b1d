// The controls of the layer, in one row that folds: sizes and options, convention, examples.

import { button, focusable, make, nextId } from "./dom.js";
import { choice, list, slider, together } from "./inputs.js";
import { OPTIONS } from "./names.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */
/** @typedef {import("./inputs.js").Control} Control */

const SINGLE = /** @type {Record<string, string>} */ ({ size: "input size", kernel: "kernel size" });
const PAIR = /** @type {Record<string, string>} */ ({ size: "input", kernel: "kernel" });
const KINDS = { x: "inputs", w: "kernels", dy: "upstream gradients", book: "from the book" };

/** One option of the layer: a slider for all axes, or one for each where they differ or are asked for.
 * @param {Explorer} explorer @param {string} name @param {{checked: boolean}} apart @returns {Control} */
function option(explorer, name, apart) {
  const place = OPTIONS.indexOf(name);
  const values = explorer.given.ranges[name];
  const at = (/** @type {number} */ k) => () => explorer.state.axes[k][place];
  const set = (/** @type {number | null} */ axis) => (/** @type {any} */ value, /** @type {boolean} */ live) => {
    const same = explorer.state.axes.every((options, k) => (axis ?? k) !== k || options[place] === value);
    if (!same) explorer.dispatch({ type: "option", name, axis, value }, live);
    else if (!live) explorer.commit(); // the end of a move; a refusal stays to be read
  };
  const both = slider(SINGLE[name] ?? name, values, at(0), set(null));
  if (explorer.given.nd === 1) return both;
  const axes = ["height", "width"].map((word, k) => slider(`${PAIR[name] ?? name} ${word}`, values, at(k), set(k)));
  const follow = () => {
    const two = apart.checked || at(0)() !== at(1)();
    both.element.hidden = two;
    for (const { element } of axes) element.hidden = !two;
    for (const control of [both, ...axes]) control.follow();
  };
  return {
    element: make("div", { class: "explorer-option" }, both.element, ...axes.map(({ element }) => element)),
    follow,
  };
}

/** One switch for all options: height and width by themselves. @param {() => void} follow */
function perAxis(follow) {
  const box = make("input", { type: "checkbox", id: nextId("explorer"), ...focusable });
  box.addEventListener("change", follow);
  const label = make("label", { for: box.id, title: "height and width by themselves" }, "per axis");
  return { box, element: make("span", { class: "explorer-apart" }, box, label) };
}

/** Kernels, inputs and the book's own numbers to choose from. @param {Explorer} explorer */
function examples(explorer) {
  const { presets } = explorer.given;
  const groups = Object.entries(KINDS).map(([kind, label]) => {
    const names = presets
      .filter((preset) => preset.kind === kind)
      .map(({ name }) => make("option", { value: name }, name));
    return names.length ? [make("optgroup", { label }, ...names)] : [];
  });
  const now = () => explorer.state.preset;
  const first = make("option", { value: "" }, "choose ...");
  return list(
    "examples",
    [first, ...groups.flat()],
    now,
    (name) => name && explorer.dispatch({ type: "preset", name }),
  );
}

/** @param {Explorer} explorer @returns {Control} */
export function controlsRow(explorer) {
  const { given } = explorer;
  const has = (/** @type {string} */ name) => given.controls.includes(name);
  const apart = perAxis(() => together(null, all).follow());
  const options = OPTIONS.filter((name) => name !== "mirrored" && has(name));
  /** @type {Control[]} */
  const all = options.map((name) => option(explorer, name, apart.box));
  if (options.length && given.nd > 1) all.push({ element: apart.element, follow: () => {} });
  if (has("convention") || has("symbols"))
    all.push(
      choice(
        "convention",
        [
          ["0", "correlation"],
          ["1", "true convolution"],
        ],
        () => String(explorer.state.axes[0][5]),
        (value) => explorer.dispatch({ type: "option", name: "mirrored", axis: null, value: Number(value) }),
      ),
    );
  if (has("presets")) all.push(examples(explorer));
  const row = make(
    "div",
    { class: "explorer-controls", role: "group", "aria-label": "the layer" },
    ...all.map(({ element }) => element),
  );
  return together(row, all);
}

/** Undo, redo and reset, where there is anything to change; and the state as Python.
 * @param {Explorer} explorer @returns {Control} */
export function foot(explorer) {
  const said = make("span", { role: "status" });
  const field = make("textarea", {
    readonly: "",
    hidden: "",
    rows: 6,
    "aria-label": "this state as Python",
    ...focusable,
  });
  const copy = button("Copy as Python", async () => {
    const text = explorer.python();
    field.hidden = true;
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied: paste it into a notebook cell.";
    } catch {
      Object.assign(field, { value: text, hidden: false });
      field.select();
      said.textContent = "Copy the code from this field.";
    }
  });
  const changes = explorer.given.controls.length > 0 || explorer.given.hide.length > 0;
  const act = (/** @type {"undo" | "redo"} */ way) => button(way, () => explorer.travel(way));
  const [undo, redo] = [act("undo"), act("redo")];
  const reset = button("reset", () => explorer.dispatch({ type: "reset" }));
  const box = make(
    "div",
    { class: "explorer-buttons explorer-foot", role: "group", "aria-label": "this state" },
    ...(changes ? [undo, redo, reset] : []),
    copy,
    said,
    field,
  );
  const off = (/** @type {any} */ element, /** @type {boolean} */ idle) =>
    element.setAttribute("aria-disabled", String(idle));
  const follow = () => {
    off(undo, explorer.history.past.length === 0);
    off(redo, explorer.history.future.length === 0);
  };
  return { element: box, follow };
}
