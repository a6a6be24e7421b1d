// Where the sum is written: one fixed place under the grids, that never moves them.

import { nameOf } from "./arrays.js";
import { focusable, make } from "./dom.js";
import { ends } from "./edges.js";
import { longest } from "./longest.js";
import { stepped } from "./state.js";
import { layerIn } from "./sums.js";
import { flip, formulas } from "./symbols.js";
import { ordered } from "./table.js";
import { idle, lead, listOf, note, words } from "./words.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

const [LINE, EDGES, RULE] = [20, 9, 8]; // pixels: of a line, above and below all of them, below the formulas, as in the stylesheet

export function sayingPanel() {
  const [letters, numbers, small] = ["letters", "numbers", "note"].map((part) =>
    make("p", { class: `explorer-${part}` }),
  );
  const below = make("p", { class: "explorer-note explorer-below" }); // on a phone: the sum's place is the sum's
  const alert = make("p", { class: "explorer-alert", role: "alert" });
  const formula = make("div", { class: "explorer-formulas", hidden: "" });
  const status = make(
    "div",
    { class: "explorer-sum", role: "status", "aria-live": "polite", "aria-atomic": "true" },
    letters,
    numbers,
    small,
  );
  const said = make(
    "div",
    { class: "explorer-said", role: "group", "aria-label": "the sum", ...focusable },
    alert,
    formula,
    status,
  );
  const terms = make("tbody");
  const listing = make(
    "details",
    { class: "explorer-listing" },
    make("summary", focusable, "This sum as a table"),
    listed(terms),
  );
  let [current, shown, wrote] = ["", /** @type {Explorer | null} */ (null), ""];

  const set = (/** @type {any} */ element, /** @type {string} */ text) => {
    if (element.textContent !== text) element.textContent = text;
  };
  const list = () => {
    if (!listing.open || !shown) return;
    const lines = listOf(current, shown.state, shown.given);
    terms.replaceChildren(...lines.map((line) => make("tr", {}, ...line.map((text) => make("td", {}, text)))));
  };
  listing.addEventListener("toggle", () => {
    list();
    fit();
  });

  /** @param {Explorer} explorer @param {string} key */
  function say(explorer, key) {
    const { state, given } = explorer;
    [current, shown] = [key, explorer];
    const [symbols, value] = key ? words(key, state, given) : ["", idle(state)];
    const walked = key && key === stepped(state, ordered(layerIn(state, given), state.by)) && !state.hovered;
    const product = walked && state.unit === "product";
    set(letters, product ? `Product ${state.step} of ${layerIn(state, given).rows.length}: ${symbols}` : symbols);
    set(numbers, value);
    numbers.dataset.lead = lead([symbols, value]);
    said.classList.toggle("explorer-added", numbers.dataset.lead !== "");
    for (const part of [small, below]) set(part, state.pinned || state.hovered ? note(key, state, given) : "");
    set(alert, state.notice);
    said.classList.toggle("explorer-told", state.notice !== "");
    said.classList.toggle("explorer-beside", state.symbols);
    formula.hidden = !state.symbols;
    if (state.symbols) wrote = write(formula, explorer, key, wrote);
    list();
  }

  /** What does not fit can be scrolled to, by keys as well. */
  const fit = () => {
    if (said.scrollHeight > said.clientHeight + 1) said.tabIndex = 0;
    else said.removeAttribute("tabindex");
    for (const box of [said, listing.lastChild]) ends(box);
  };

  /** The height in which the longest sum is whole at this width, if it has at most so many lines, and the first one.
   * @param {Explorer} explorer @param {number} width @param {number} lines @param {boolean} strict no more in any case */
  function needs({ state, given, cells }, width, lines, strict) {
    const key = given.start?.pinned ?? "";
    const keys = [...cells].filter(([, cell]) => cell.dataset.key).map(([one]) => one);
    const start = keys.includes(key) ? [words(key, state, given)] : [];
    const probes = [...start, ...longest(keys, state, given)].map(([symbols, numbers]) => {
      const name = lead([symbols, numbers]);
      const probe = make(
        "div",
        { class: `explorer-said explorer-probe ${state.symbols ? "explorer-beside" : ""} ${name && "explorer-added"}` },
        formula.cloneNode(true),
        make(
          "div",
          { class: "explorer-sum" },
          make("p", { class: "explorer-letters" }, symbols),
          make("p", { class: "explorer-numbers", "data-lead": name }, numbers),
          make("p", { class: "explorer-note" }, symbols && "Small numbers: the output that meets the cell."),
        ),
      );
      probe.style.width = `${width}px`;
      return probe;
    });
    said.after(...probes);
    const heights = probes.map((probe) => probe.offsetHeight);
    for (const probe of probes) probe.remove();
    const most = lines * LINE + EDGES + (state.symbols ? RULE : 0);
    return Math.min(Math.max(...heights), strict || !start.length ? most : Math.max(most, heights[0]));
  }

  /** While it plays nothing is read out; where it stops, the sum is, once. @param {boolean} on */
  const quiet = (on) => {
    const stops = !on && status.getAttribute("aria-live") === "off";
    status.setAttribute("aria-live", on ? "off" : "polite");
    if (stops) for (const part of status.children) part.replaceChildren(part.textContent);
  };
  return { said, listing, below, say, fit, needs, quiet };
}

/** The three formulas, that of the cell's sum underlined; what was written, so that nothing is written twice.
 * @param {any} box @param {Explorer} explorer @param {string} key @param {string} before */
function write(box, { state, given }, key, before) {
  const lines = formulas(state, given);
  const text = JSON.stringify([lines, flip(state, given)]);
  if (text !== before)
    box.replaceChildren(
      ...lines.map(({ text, over }) => {
        const [left, right] = text.split("Σ");
        return make("p", { class: "explorer-formula" }, `${left}Σ`, make("sub", {}, over), right);
      }),
      make("p", { class: "explorer-flip" }, flip(state, given)),
    );
  lines.forEach(({ name }, n) => box.children[n].classList.toggle("explorer-now", name === nameOf(key)));
  return text;
}

/** @param {HTMLElement} terms */
function listed(terms) {
  const head = ["output", "tap", "input", "factors", "product"].map((word) => make("th", { scope: "col" }, word));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...head)), terms);
  return make(
    "div",
    { class: "explorer-scroll", tabindex: "0", role: "group", "aria-label": "products of this sum", ...focusable },
    table,
  );
}
