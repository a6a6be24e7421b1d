// A table with a search field and a choice for each filter. Filtering happens here, in the page; all text goes in as
// text nodes. Python says which columns and filters there are.

import { focusable, make } from "./dom.js";
import { choice, named, wanted } from "./filters.js";

/** A paragraph, or one with a link: [words, address]. @typedef {string | [string, string]} Paragraph */
/** @typedef {{cells: Paragraph[][], filters: Record<string, string>}} Row */

/** @param {Paragraph} words */
const paragraph = (words) =>
  make("p", {}, Array.isArray(words) ? make("a", { href: words[1], rel: "external", ...focusable }, words[0]) : words);

/** @param {Row} row @param {string[]} columns */
function line(row, columns) {
  const [first, ...others] = row.cells;
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, ...first.map(paragraph)),
    ...others.map((cell, n) => make("td", { "data-name": columns[n + 1] }, ...cell.map(paragraph))),
  );
}

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const rows = /** @type {Row[]} */ (model.get("rows"));
  const columns = /** @type {string[]} */ (model.get("columns"));
  const filters = /** @type {[string, string, string[]][]} */ (model.get("filters"));
  const search = make("input", { type: "search", autocomplete: "off", ...focusable });
  const choices = filters.map(([name, , values]) =>
    choice(
      name,
      values.map((value) => [value, value]),
    ),
  );
  const status = make("p", { class: "audit-status", role: "status", "aria-live": "polite" });
  const lines = rows.map((row) => line(row, columns));
  const texts = rows.map((row) => row.cells.flat(2).join(" ").toLowerCase());
  const table = make(
    "table",
    {},
    make("caption", {}, model.get("caption")),
    make("thead", {}, make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, ...lines),
  );
  const label = `Table: ${model.get("caption")}`;
  const scrolls = { class: "audit-scroll", tabindex: "0", role: "region", "aria-label": label, ...focusable };
  const filter = () => {
    const words = wanted(search.value);
    let shown = 0;
    rows.forEach((row, n) => {
      const chosen = choices.every(([select], f) => !select.value || row.filters[filters[f][1]] === select.value);
      const fits = chosen && words.every((word) => texts[n].includes(word));
      lines[n].hidden = !fits;
      shown += Number(fits);
    });
    status.textContent = `${shown} of ${rows.length} ${model.get("noun")}`;
  };
  for (const field of [search, ...choices.map(([select]) => select)]) field.addEventListener("input", filter);
  filter();
  const fields = [named("Search", search), ...choices.map(([, field]) => field)];
  const shown = make("div", scrolls, table);
  el.append(make("div", { class: "audit gallery" }, make("div", { class: "audit-fields" }, ...fields), status, shown));
}

export default { render };
