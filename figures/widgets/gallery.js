// A table with a search field and a choice for each filter. Filtering happens here, in the page;
// all text goes in as text nodes. Python says which columns and filters there are.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const focusable = { "data-lm-suppress-shortcuts": "true" }; // JupyterLab leaves its keys alone

const named = (name, field) => {
  const data = document.documentElement.dataset;
  data.galleryIds = Number(data.galleryIds ?? 0) + 1;
  field.id = `gallery-${data.galleryIds}`;
  return make("div", { class: "audit-field" }, make("label", { for: field.id }, name), field);
};

const choice = ([name, , values]) => {
  const select = make("select", focusable, make("option", { value: "" }, "all"));
  for (const value of values) select.append(make("option", { value }, value));
  return [select, named(name, select)];
};

// A paragraph is a string, or [string, address] for a link.
const paragraph = (words) =>
  make("p", {}, Array.isArray(words) ? make("a", { href: words[1], rel: "external", ...focusable }, words[0]) : words);

function line(row, columns) {
  const [first, ...others] = row.cells;
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, ...first.map(paragraph)),
    ...others.map((cell, n) => make("td", { "data-name": columns[n + 1] }, ...cell.map(paragraph))),
  );
}

function render({ model, el }) {
  const [rows, columns, filters] = ["rows", "columns", "filters"].map((name) => model.get(name));
  const search = make("input", { type: "search", autocomplete: "off", ...focusable });
  const choices = filters.map(choice);
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
  const box = make("div", { class: "audit-scroll", tabindex: "0", role: "region", "aria-label": label, ...focusable }, table);
  const filter = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, n) => {
      const chosen = choices.every(([select], f) => !select.value || row.filters[filters[f][1]] === select.value);
      const fits = chosen && wanted.every((word) => texts[n].includes(word));
      lines[n].hidden = !fits;
      shown += Number(fits);
    });
    status.textContent = `${shown} of ${rows.length} ${model.get("noun")}`;
  };
  for (const field of [search, ...choices.map(([select]) => select)]) field.addEventListener("input", filter);
  filter();
  const fields = make("div", { class: "audit-fields" }, named("Search", search), ...choices.map(([, field]) => field));
  el.append(make("div", { class: "audit gallery" }, fields, status, box));
}

export default { render };
