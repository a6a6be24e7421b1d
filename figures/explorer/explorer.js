// The gradient explorer. Python sends kernel maps; here their triples are paired, the products
// grouped and added. Which output, tap and input cell meet is never computed in this file.

const LOWEST = -10; // the number that the digit "0" of a packed map stands for
const LINE = 26; // pixels of a line of the table, as in the stylesheet
const MOST_LINES = 600; // of the table; beyond, only those of the current sum are written
const COLUMN = { y: "out", dy: "out", w: "tap", dw: "tap", x: "inp", dx: "inp" };
// what a column's groups add up to, and the two factors of each product with their columns
const SUMS = {
  out: { name: "y", factors: [["x", "inp"], ["w", "tap"]], word: "output" },
  tap: { name: "dw", factors: [["dy", "out"], ["x", "inp"]], word: "tap" },
  inp: { name: "dx", factors: [["dy", "out"], ["w", "tap"]], word: "input" },
};
const MATRICES = { M_x: ["tap", "x", "inp"], M_w: ["inp", "w", "tap"] }; // column, entry, entry's column
const TITLES = {
  x: "input", w: "kernel", y: "output", dy: "prices of the outputs", dx: "gradient of the input",
  dw: "gradient of the kernel", db: "gradient of the bias", table: "table of products",
  M_x: "image matrix", M_w: "filter matrix",
};
const OPTIONS = ["size", "kernel", "stride", "padding", "dilation", "mirrored"];
const THIRD = { out: "tap", tap: "out", inp: "tap" }; // whose index the small numbers show
const MANY = 12; // products; a longer sum begins with its value
const NUMBER = /^[-+−]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?$/i;
const WORDS = { size: "input", kernel: "kernel", stride: "stride", padding: "padding", dilation: "dilation" };

// ------------------------------------------------------------------ the page
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const focusable = { "data-lm-suppress-shortcuts": "true" }; // JupyterLab leaves its keys alone
const nextId = () => {
  const page = document.documentElement;
  page.dataset.explorerIds = Number(page.dataset.explorerIds ?? 0) + 1;
  return `explorer-${page.dataset.explorerIds}`;
};
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// ------------------------------------------------------------------ arrays as nested lists
const keyOf = (name, at) => (at.length ? `${name}[${at.join(",")}]` : name);
const nameOf = (key) => key.split("[")[0];
const indexOf = (key) => (key.includes("[") ? key.slice(key.indexOf("[") + 1, -1).split(",").map(Number) : []);
const entry = (array, at) => at.reduce((part, n) => part[n], array);
const shapeOf = (array) => (Array.isArray(array) ? [array.length, ...shapeOf(array[0])] : []);
const cellsOf = (shape) => shape.reduce((all, n) => all.flatMap((at) => Array.from({ length: n }, (_, k) => [...at, k])), [[]]);
const cropped = (array, [n, ...rest]) => (n === undefined ? array : array.slice(0, n).map((part) => cropped(part, rest)));
// a copy of the ground with the array in its first corner; where it is larger, the array goes on
const laidInto = (ground, array) =>
  Array.isArray(array)
    ? Array.from({ length: Math.max(ground?.length ?? 0, array.length) }, (_, k) => (k < array.length ? laidInto(ground?.[k], array[k]) : ground[k]))
    : array;
const compare = (a, b) => {
  const k = a.findIndex((n, j) => n !== b[j]);
  return k < 0 ? 0 : a[k] - b[k];
};
const written = (n) => String(Number(n.toPrecision(Math.max(5, Math.trunc(n).toString().length))));
const factor = (n) => (n < 0 ? `(${written(n)})` : written(n));
const close = (a, b) => Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b));

// ------------------------------------------------------------------ the table of products
function unpacked(map) {
  const numbers = [...map].map((digit) => parseInt(digit, 36) + LOWEST);
  const triples = [];
  for (let n = 1; n < numbers.length; n += 3) triples.push(numbers.slice(n, n + 3));
  return { outs: numbers[0], triples };
}

// Rows, ghosts and shapes for these axes; a text where they do not go together.
function tableOf(axes, channels, maps, most, matrices) {
  const read = [];
  for (const options of axes) {
    const map = maps[options.join("/")];
    if (map === undefined) return "this combination lies outside the ranges of the controls";
    if (map.startsWith("!")) return map.slice(1);
    read.push({ size: options[0], ...unpacked(map) });
  }
  let rows = channels.map(([out, tap, inp]) => ({ out, tap, inp, padding: false, unborn: false }));
  for (const { size, outs, triples } of read)
    rows = rows.flatMap((row) =>
      triples.map(([p, r, i]) => ({
        out: [...row.out, p],
        tap: [...row.tap, r],
        inp: [...row.inp, i],
        padding: row.padding || i < 0 || i >= size,
        unborn: row.unborn || p < 0 || p >= outs,
      })),
    );
  rows.sort((a, b) => compare(a.out, b.out) || compare(a.tap, b.tap));
  const real = rows.filter((row) => !row.padding && !row.unborn);
  if (real.length > most) return `${real.length} products are more than the ${most} that can be shown`;
  const lead = (n) => channels[0][n].map((_, k) => Math.max(...channels.map((c) => c[n][k])) + 1);
  const inp = [...lead(2), ...axes.map((options) => options[0])];
  const tap = [...lead(1), ...axes.map((options) => options[1])];
  const out = [...lead(0), ...read.map((axis) => axis.outs)];
  const area = (shape) => shape.reduce((a, b) => a * b, 1);
  for (const name of matrices) {
    const entries = area(out) * area({ tap, inp }[MATRICES[name][0]]);
    if (entries > most) return `${name} would have ${entries} entries, more than the ${most} that can be shown`;
  }
  real.forEach((row, n) => (row.key = `row[${n}]`));
  // a row that is both, padding read by an output that does not exist, is nowhere drawn
  return { rows: real, ghosts: rows.filter((row) => row.padding !== row.unborn), shapes: { out, tap, inp }, filters: lead(0) };
}

function grouped(rows, column) {
  const groups = new Map();
  for (const row of rows) {
    const key = row[column].join(",");
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  return groups;
}

// ------------------------------------------------------------------ one explorer
class Explorer {
  static parts = { OPTIONS, SUMS, NUMBER, keyOf, entry, shapeOf, cellsOf, laidInto };

  constructor(model, el) {
    this.model = model;
    this.show = model.get("show");
    this.controls = model.get("controls");
    this.hide = model.get("hide");
    this.opened = new Set();
    const first = COLUMN[nameOf(model.get("selected"))];
    this.by = SUMS[first]?.name === nameOf(model.get("selected")) ? first : "out"; // it opens in the order of its sum
    this.base = 0;
    this.step = null;
    this.pinned = model.get("selected");
    this.hovered = "";
    this.lit = new Set();
    this.top = -1; // where the table is to be scrolled to
    this.id = nextId();
    this.root = make("div", { class: "explorer", role: "group", "aria-label": "Gradient explorer" });
    this.panels = make("div", { class: "explorer-panels" });
    const lines = ["letters", "numbers", "note"].map((part) => make("p", { class: `explorer-${part}` }));
    this.said = make("div", { class: "explorer-said", role: "status", "aria-live": "polite", "aria-atomic": "true" }, ...lines);
    this.measure = make("div", { class: "explorer-measure", "aria-hidden": "true" }, make("p"), make("p"), make("p"));
    this.alert = make("p", { class: "explorer-alert", role: "alert" });
    this.terms = make("tbody");
    this.listing = make("details", { class: "explorer-listing" }, make("summary", focusable, "This sum as a table"), this.listed());
    this.root.append(this.makeControls(), this.said, this.measure, this.alert, this.panels, this.listing);
    this.listen();
    el.append(this.root);
    this.root.explorer = this; // for a script of the page
    this.preset = "";
    this.hear();
    this.watch = new ResizeObserver(() => this.root.clientWidth === this.width || this.later()); // first shown, too
    this.watch.observe(this.root);
  }

  // ---------------------------------------------------------------- state
  has(control) {
    return this.controls.includes(control);
  }

  // Take the state of the model: at first, and whenever Python has set something.
  hear() {
    const arrays = Object.fromEntries(["x", "w", "dy"].map((name) => [name, this.model.get(name)]));
    const nd = this.model.get("axes").length;
    const sizes = [shapeOf(arrays.x).slice(-nd), shapeOf(arrays.w).slice(-nd)];
    const axes = this.model.get("axes").map((options, k) => [sizes[0][k], sizes[1][k], ...options.slice(2)]);
    this.reserve = this.model.get("reserve");
    this.adopt(axes, arrays);
  }

  // Make these axes and arrays the state, or say why not and keep the last good one.
  adopt(axes, arrays = {}) {
    const shaped = JSON.stringify([axes, this.base]) !== this.drawn;
    const matrices = this.show.filter((name) => MATRICES[name]);
    const table = shaped ? tableOf(axes, this.model.get("channels"), this.model.get("maps"), this.model.get("most_rows"), matrices) : {};
    if (typeof table === "string") {
      this.alert.textContent = `Not possible: ${table}. Nothing was changed.`;
      this.showControls();
      return false;
    }
    this.alert.textContent = "";
    this.axes = axes;
    Object.assign(this, table);
    for (const [name, array] of Object.entries(arrays))
      this.reserve = { ...this.reserve, [name]: laidInto(this.reserve[name], array) };
    for (const name of ["x", "w", "dy"]) this[name] = cropped(this.reserve[name], this.shapes[COLUMN[name]]);
    this.groups = Object.fromEntries(Object.keys(SUMS).map((column) => [column, grouped(this.rows, column)]));
    this.ghostGroups = Object.fromEntries(Object.keys(SUMS).map((column) => [column, grouped(this.ghosts, column)]));
    if (shaped) {
      this.step = null;
      this.build();
      this.drawn = JSON.stringify([axes, this.base]);
      if (!this.cells.has(this.pinned) || /^(row|M_)/.test(this.pinned)) this.pin("");
    }
    if (!this.cells.has(this.hovered)) this.hovered = "";
    this.refresh();
    return true;
  }

  tell() {
    const state = { axes: this.axes, reserve: this.reserve, x: this.x, w: this.w, dy: this.dy };
    this.telling = true;
    for (const [name, value] of Object.entries(state)) this.model.set(name, value);
    this.telling = false;
    this.model.save_changes();
  }

  pin(key) {
    if (key === this.pinned) return;
    this.pinned = key;
    this.telling = true;
    this.model.set("selected", /^(row|M_)/.test(key) ? "" : key); // those are no cells of Python's arrays
    this.telling = false;
    this.model.save_changes();
    this.announce();
  }

  // A script of the page, if there is one, keeps the state in the page's address.
  announce() {
    this.root.dispatchEvent(new CustomEvent("explorer-state", { bubbles: true }));
  }

  // ---------------------------------------------------------------- sums
  order() {
    return [...this.rows].sort((a, b) => compare(a[this.by], b[this.by])); // ties keep their order
  }

  products(row, column) {
    return SUMS[column].factors.map(([name, of]) => entry(this[name], row[of]));
  }

  sum(rows, column) {
    const products = rows.map((row) => this.products(row, column).reduce((a, b) => a * b));
    const total = products.reduce((a, b) => a + b, 0);
    const size = products.reduce((a, b) => a + Math.abs(b), 0);
    return Math.abs(total) < 1e-12 * size ? 0 : total; // what rounding leaves of a zero
  }

  value(key) {
    const [name, at] = [nameOf(key), indexOf(key)];
    if (name === "db") return this.pricesOf(at).reduce((total, cell) => total + entry(this.dy, cell), 0);
    if (this[name]) return entry(this[name], at);
    if (MATRICES[name]) {
      const row = this.entries.get(key);
      return row ? entry(this[MATRICES[name][1]], row[MATRICES[name][2]]) : 0;
    }
    return this.sum(this.groups[COLUMN[name]].get(at.join(",")) ?? [], COLUMN[name]);
  }

  pricesOf(filter) {
    return cellsOf(this.shapes.out).filter((at) => filter.every((k, n) => at[n] === k));
  }

  rowsOf(key) {
    const name = nameOf(key);
    if (name === "row") return [this.rows[indexOf(key)[0]]];
    if (MATRICES[name]) return this.entries.has(key) ? [this.entries.get(key)] : [];
    if (name === "db") return [];
    return this.groups[COLUMN[name]].get(indexOf(key).join(",")) ?? [];
  }

  closed(key) {
    return (this.hide.includes(key) || this.hide.includes(nameOf(key))) && !this.opened.has(key);
  }

  // ---------------------------------------------------------------- words
  label(name, at) {
    return keyOf(name, at.map((n) => n + this.base));
  }

  term(row, column) {
    return SUMS[column].factors.map(([name, of]) => this.label(name, row[of])).join("·");
  }

  // What is said about a cell: the sum in letters, and the same in numbers.
  words(key) {
    const [name, at] = [nameOf(key), indexOf(key)];
    const rows = this.rowsOf(key);
    if (this.closed(key)) return [`${this.label(name, at)} = ?`, "Type its value into the cell: press Enter on it, or click it twice."];
    if (name === "db") return this.added(this.label("db", at), this.pricesOf(at).map((cell) => [this.label("dy", cell), factor(entry(this.dy, cell))]), this.value(key));
    if (MATRICES[name]) return this.matrixWords(name, at, rows[0], key);
    if (name === "row") return this.rowWords(rows[0]);
    const column = COLUMN[name];
    if (SUMS[column].name === name)
      return this.added(this.label(name, at), rows.map((row) => [this.term(row, column), this.products(row, column).map(factor).join("·")]), this.value(key));
    return this.uses(name, at, rows, key);
  }

  added(label, terms, total) {
    if (!terms.length) return [`${label} = 0`, "No product of the table goes there."];
    const value = terms.length > MANY ? `${written(total)} = ` : "";
    return [`${label} = ${value}${terms.map(([letters]) => letters).join(" + ")}`, `= ${terms.map(([, numbers]) => numbers).join(" + ")} = ${written(total)}`];
  }

  // A cell of x, w or dy is no sum: where it is used, and what it gives there.
  uses(name, at, rows, key) {
    const value = written(this.value(key));
    if (!rows.length) return [`${this.label(name, at)} = ${value}`, "No product of the table uses it."];
    const goal = this.goal(name);
    const other = name === "w" ? ["x", "inp"] : ["w", "tap"];
    const gives = rows.map((row) => `${this.label(other[0], row[other[1]])} for ${this.label(SUMS[goal].name, row[goal])}`);
    return [`${this.label(name, at)} = ${value} is multiplied with ${gives.join(", ")}`, rows.length === 1 ? "One product of the table uses it." : `${rows.length} products of the table use it.`];
  }

  // The column of the sum in which a cell is seen at work.
  goal(name) {
    return { x: "out", w: "out", dy: "inp", db: "out", row: this.by, M_x: "out", M_w: "out" }[name] ?? COLUMN[name];
  }

  rowWords(row) {
    const parts = Object.entries(SUMS).filter(([column, { name }]) => this.show.includes(name) || column === this.by);
    const share = ([column, { name }]) => `${this.label(name, row[column])} gets ${this.term(row, column)}`;
    const numbers = ([column]) => `${this.products(row, column).map(factor).join("·")} = ${written(this.sum([row], column))}`;
    const open = parts.filter(([column, { name }]) => !this.closed(keyOf(name, row[column])));
    return [open.map(share).join("; ") || "This row leads to a closed cell.", open.map(numbers).join("; ")];
  }

  matrixWords(name, at, row, key) {
    const [column, letter, of] = MATRICES[name];
    const out = this.label("y", this.lines.out[at[0]]);
    const goes = this.label(letter === "x" ? "w" : "x", this.lines[column][at[1]]);
    const place = `${this.label(name, at)}, row of ${out}, column of ${goes}`;
    if (!row) return [`${place}: empty`, `${out} does not read ${goes}.`];
    return [`${place}: ${this.label(letter, row[of])}`, `= ${written(this.value(key))}; ${out} gets ${this.term(row, "out")} = ${this.products(row, "out").map(factor).join("·")} = ${written(this.sum([row], "out"))}`];
  }

  // ---------------------------------------------------------------- panels
  build() {
    this.leave?.();
    this.panels.replaceChildren();
    this.sorted = "";
    this.cells = new Map();
    this.entries = new Map();
    this.lines = Object.fromEntries(Object.entries(this.shapes).map(([column, shape]) => [column, cellsOf(shape)]));
    this.lineOf = Object.fromEntries(Object.entries(this.lines).map(([column, cells]) => [column, new Map(cells.map((at, n) => [at.join(","), n]))]));
    const grids = make("div", { class: "explorer-grids" });
    if (this.show.includes("table")) this.panels.append(this.tablePanel());
    this.panels.append(grids);
    for (const name of this.show.filter((name) => name !== "table")) grids.append(MATRICES[name] ? this.matrixPanel(name) : this.gridPanel(name));
  }

  panel(name, ...children) {
    const title = make("p", { class: "explorer-title", id: `${this.id}-${name}` }, make("b", {}, name), ` ${TITLES[name]}`);
    return make("div", { role: "group", class: `explorer-panel explorer-${name}`, "aria-labelledby": title.id }, title, ...children);
  }

  // From the first to the last index of an axis that is drawn, ghosts included.
  extent(name, axis) {
    const column = COLUMN[name];
    const place = this.shapes[column].length - this.axes.length + axis;
    const withGhosts = name === "x" ? "padding" : name === "dy" && this.show.includes("dx") ? "unborn" : "";
    const ghosts = this.ghosts.filter((row) => withGhosts && row[withGhosts]).map((row) => row[column][place]);
    const indices = [0, this.shapes[column][place] - 1].concat(ghosts);
    const [first, last] = [indices.reduce((a, b) => Math.min(a, b)), indices.reduce((a, b) => Math.max(a, b))];
    return Array.from({ length: last - first + 1 }, (_, k) => first + k);
  }

  gridPanel(name) {
    if (name === "db") return this.panel(name, this.plane(name, [null], cellsOf(this.filters).map(([k]) => k ?? null), (_, k) => [keyOf(name, k === null ? [] : [k]), false]));
    const shape = this.shapes[COLUMN[name]];
    const nd = this.axes.length;
    const [columns, rows] = [this.extent(name, nd - 1), nd > 1 ? this.extent(name, 0) : [null]];
    const planes = cellsOf(shape.slice(0, shape.length - nd)).map((lead) => {
      const at = (row, column) => [...lead, ...(row === null ? [] : [row]), column];
      const inside = (cell) => cell.every((n, k) => n >= 0 && n < shape[k]);
      return this.plane(keyOf(name, lead.map((n) => n + this.base)), rows, columns, (row, column) => {
        const cell = at(row, column);
        return [keyOf(name, cell), !inside(cell)];
      });
    });
    return this.panel(name, make("div", { class: "explorer-planes" }, ...planes));
  }

  // A grid of cells; `cell(row, column)` tells the key of each and whether it is a ghost.
  plane(label, rows, columns, cell) {
    const number = (n) => String(n + this.base);
    const corner = () => make("td", { class: "explorer-corner", role: "presentation" });
    const header = (n, scope) => (n === null ? corner() : make("th", { scope, role: scope === "col" ? "columnheader" : "rowheader" }, number(n)));
    const head = columns[0] === null ? [] : [make("tr", { role: "row" }, corner(), ...columns.map((n) => header(n, "col")))];
    const body = rows.map((row) => make("tr", { role: "row" }, header(row, "row"), ...columns.map((column) => this.cell(...cell(row, column)))));
    const table = make("table", { role: "grid", "aria-label": label }, make("thead", {}, ...head), make("tbody", { role: "rowgroup" }, ...body));
    if (head.length) table.firstChild.setAttribute("role", "rowgroup");
    else table.firstChild.remove();
    table.querySelector("[tabindex]")?.setAttribute("tabindex", "0");
    if (columns.length > 6) table.classList.add("explorer-small");
    return make("div", { class: "explorer-plane" }, label.includes("[") ? make("p", { class: "explorer-lead", "aria-hidden": "true" }, label) : "", table);
  }

  cell(key, ghost) {
    const td = make("td", { role: "gridcell" });
    td.value = make("span", { class: "explorer-value" }, ghost ? "0" : "");
    td.append(td.value);
    td.classList.toggle("explorer-ghost", ghost);
    if (ghost) td.setAttribute("aria-label", "0, outside");
    else {
      Object.assign(td.dataset, { key, lmSuppressShortcuts: "true" });
      td.tabIndex = -1;
    }
    this.cells.set(key, td);
    return td;
  }

  matrixPanel(name) {
    const [column] = MATRICES[name];
    for (const row of this.rows) this.entries.set(this.entryOf(name, row), row);
    const label = (quantity) => (at) => at.map((n) => n + this.base).join(",");
    const lines = { rows: this.lines.out.map((_, n) => n), columns: this.lines[column].map((_, n) => n) };
    const box = this.plane(name, lines.rows, lines.columns, (r, c) => [keyOf(name, [r, c]), false]);
    const [head, ...body] = box.querySelectorAll("tr");
    this.lines[column].forEach((at, n) => (head.children[n + 1].textContent = label(column)(at)));
    this.lines.out.forEach((at, n) => (body[n].firstChild.textContent = label("out")(at)));
    box.querySelectorAll("td[data-key]").forEach((td) => td.classList.toggle("explorer-empty", !this.entries.has(td.dataset.key)));
    return this.panel(name, box);
  }

  // The key of the entry that a row of the table has in a matrix.
  entryOf(name, row) {
    return keyOf(name, ["out", MATRICES[name][0]].map((column) => this.lineOf[column].get(row[column].join(","))));
  }

  // ---------------------------------------------------------------- the table of products
  tablePanel() {
    const cell = (column, row) => make("td", { role: "gridcell", class: `explorer-${column}` }, row[column].map((n) => n + this.base).join(","));
    const few = this.rows.length <= MOST_LINES;
    this.tr = new Map();
    for (const row of few ? this.rows : []) {
      const tr = make("tr", { role: "row", tabindex: "-1", "data-key": row.key, ...focusable }, ...["out", "tap", "inp"].map((column) => cell(column, row)), make("td", { role: "gridcell" }), make("td", { role: "gridcell" }));
      this.tr.set(row, tr);
      this.cells.set(row.key, tr);
    }
    this.lineBox = make("tbody", { role: "rowgroup" });
    this.productHead = make("th", { scope: "col", role: "columnheader" });
    const head = ["output", "tap", "input"].map((word, n) => make("th", { scope: "col", role: "columnheader", class: `explorer-${["out", "tap", "inp"][n]}` }, word));
    const table = make("table", { role: "grid", "aria-label": "table of products" }, make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...head, this.productHead, make("th", { scope: "col", role: "columnheader" }, "running sum"))), this.lineBox);
    this.scroll = make("div", { class: "explorer-scroll" }, few ? table : `${this.rows.length} products: see the sum below as a table.`);
    return this.panel("table", this.scroll);
  }

  // Put the lines into the present order; the same rows travel from where they stood.
  arrange(rows) {
    if (this.sorted === this.by) return;
    const travel = this.sorted && !calm();
    this.sorted = this.by;
    const focused = document.activeElement;
    const before = travel ? new Map([...this.lineBox.children].map((tr, n) => [tr, n])) : new Map();
    this.lineBox.append(...rows.map((row) => this.tr.get(row)));
    if (this.lineBox.contains(focused)) focused.focus();
    this.place = new Map(rows.map((row, n) => [row, n]));
    this.lineBox.querySelectorAll('[tabindex="0"]').forEach((tr) => (tr.tabIndex = -1));
    this.lineBox.firstChild.tabIndex = 0;
    [...this.lineBox.children].forEach((tr, n) => {
      const way = (before.get(tr) ?? n) - n;
      if (way) tr.animate([{ transform: `translateY(${way * LINE}px)` }, { transform: "none" }], { duration: 900, easing: "ease-in-out" });
    });
  }

  writeLines() {
    if (!this.tr?.size) return;
    const rows = this.order();
    this.arrange(rows);
    const { name, factors } = SUMS[this.by];
    this.productHead.textContent = factors.map(([letter]) => letter).join("·");
    let total = 0;
    rows.forEach((row, n) => {
      const same = (other) => other && compare(other[this.by], row[this.by]) === 0;
      const last = !same(rows[n + 1]);
      const tr = this.tr.get(row);
      const [product, running] = [...tr.children].slice(3);
      const [a, b] = this.products(row, this.by);
      const sum = this.label(name, row[this.by]);
      const closed = this.closed(keyOf(name, row[this.by]));
      const shut = closed || (this.step !== null && n >= this.step);
      total = (same(rows[n - 1]) ? total : 0) + a * b;
      product.textContent = shut ? "" : `${factor(a)}·${factor(b)} = ${written(a * b)}`;
      running.textContent = shut ? (last && closed ? `${sum} = ?` : "") : last ? `${sum} = ${written(total)}` : written(total);
      running.classList.toggle("explorer-total", last);
      tr.classList.toggle("explorer-last", last);
    });
  }

  // ---------------------------------------------------------------- what changes with values
  refresh() {
    const done = this.step === null ? null : grouped(this.order().slice(0, this.step), this.by);
    for (const [key, td] of this.cells) {
      const name = nameOf(key);
      if (name === "row" || td.classList.contains("explorer-ghost")) continue;
      const filling = done && SUMS[this.by].name === name;
      const rows = filling ? (done.get(indexOf(key).join(",")) ?? []) : null;
      const blank = MATRICES[name] && !this.entries.has(key);
      const text = this.closed(key) ? "?" : filling ? (rows.length ? written(this.sum(rows, this.by)) : "") : blank ? "" : written(this.value(key));
      if (!td.value.firstElementChild) td.value.textContent = text;
      td.setAttribute("aria-label", `${this.label(name, indexOf(key))} = ${text}`);
      td.classList.toggle("explorer-long", text.length > 4);
      td.classList.toggle("explorer-longer", text.length > 6);
    }
    this.writeLines();
    this.showControls();
    this.light();
    this.width = 0;
    this.later();
  }

  // What measures the page is done once a frame, not within the event.
  later() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const width = this.root.clientWidth;
      if (!width) return; // not on the page yet
      if (width !== this.width) {
        this.makeRoom();
        this.announce();
      }
      this.width = width;
      if (this.top >= 0) this.scroll.scrollTop = this.top;
      this.top = -1;
    });
  }

  // Light the cells that share a product with the one pointed at; say its sum.
  light() {
    this.darken();
    this.cells.get(this.pinned)?.setAttribute("aria-selected", "true");
    const stepped = !this.hovered && this.step > 0;
    const key = this.hovered || (stepped ? this.order()[this.step - 1].key : this.pinned);
    if (!key) return this.say("", "Point at a cell, or tab to a grid and use the arrow keys. Click or Enter pins a cell, Escape lets go.", "", []);
    const name = nameOf(key);
    const rows = this.closed(key) ? [] : this.rowsOf(key);
    for (const row of rows) this.markRow(row, name);
    if (COLUMN[name] && !this.closed(key)) this.markGhosts(key);
    if (name === "db") for (const at of this.pricesOf(indexOf(key))) this.mark(keyOf("dy", at), "explorer-lit");
    this.mark(key, "explorer-active");
    // under a moving pointer the table stays; what is pinned or stepped to comes into sight
    if (rows.length && this.place && (stepped || (key === this.pinned && name !== "row"))) {
      this.top = Math.max(0, this.place.get(rows[0]) - 2) * LINE;
      this.later();
    }
    const [letters, numbers] = this.words(key);
    const third = THIRD[COLUMN[name]];
    const note = third && rows.length ? `Small numbers: the ${SUMS[third].word} that meets the cell.` : "";
    this.say(stepped ? `Product ${this.step} of ${this.rows.length}: ${letters}` : letters, numbers, note, this.listOf(key, rows));
  }

  darken() {
    for (const td of this.lit) {
      td.classList.remove("explorer-lit", "explorer-active", "explorer-out", "explorer-tap");
      delete td.dataset.tag;
    }
    this.lit = new Set();
    this.root.querySelectorAll('[aria-selected="true"]').forEach((td) => td.removeAttribute("aria-selected"));
  }

  mark(key, style, third, words) {
    const td = this.cells.get(key);
    if (!td) return;
    td.classList.add(style);
    this.lit.add(td);
    if (words === undefined) return;
    td.dataset.tag = words; // drawn by the stylesheet
    td.classList.add(`explorer-${third}`);
  }

  // Small numbers name the third partner: the tap over an input or output cell, or the output.
  markRow(row, name) {
    const [column, third] = [COLUMN[name], THIRD[COLUMN[name]]];
    for (const [cell, of] of Object.entries(COLUMN))
      if (third && of !== column && of !== third) this.mark(keyOf(cell, row[of]), "explorer-lit", third, this.tag(row[third]));
      else this.mark(keyOf(cell, row[of]), "explorer-lit");
    this.mark(row.key, "explorer-lit");
    for (const matrix of Object.keys(MATRICES)) if (this.show.includes(matrix)) this.mark(this.entryOf(matrix, row), "explorer-lit");
  }

  // Where the kernel sticks out: over the padding of x, or over outputs that do not exist.
  markGhosts(key) {
    const column = COLUMN[nameOf(key)];
    const third = THIRD[column];
    for (const row of this.ghostGroups[column].get(indexOf(key).join(",")) ?? [])
      if (column === "inp" && row.unborn) this.mark(keyOf("dy", row.out), "explorer-lit", third, this.tag(row[third]));
      else if (column !== "inp" && row.padding) this.mark(keyOf("x", row.inp), "explorer-lit", third, this.tag(row[third]));
  }

  tag(at) {
    return at.slice(-this.axes.length).map((n) => n + this.base).join(",");
  }

  // As much room as the longest sum needs: no cell may move away under the pointer.
  makeRoom() {
    const texts = [...this.cells.keys()].filter((key) => !this.cells.get(key).classList.contains("explorer-ghost")).map((key) => this.words(key));
    const longest = texts.reduce((a, b) => (b.join().length > a.join().length ? b : a), ["", ""]);
    const [letters, numbers, note] = this.measure.children;
    [letters.textContent, numbers.textContent, note.textContent] = [...longest, "Small numbers"];
    this.said.style.minHeight = `min(12em, ${this.measure.offsetHeight + 1}px)`; // then it scrolls
  }

  say(letters, numbers, note, lines) {
    [letters, numbers, note].forEach((text, n) => this.said.children[n].textContent !== text && (this.said.children[n].textContent = text));
    this.current = lines;
    if (this.listing.open) this.list();
  }

  listed() {
    const head = ["output", "tap", "input", "factors", "product"];
    return make("div", { class: "explorer-scroll", tabindex: "0", role: "group", "aria-label": "products of this sum", ...focusable }, make("table", {}, make("thead", {}, make("tr", {}, ...head.map((word) => make("th", { scope: "col" }, word)))), this.terms));
  }

  // The same products as lines of a small table; those of a closed cell are left out.
  listOf(key, rows) {
    const name = nameOf(key);
    const column = this.goal(name);
    if (name === "db" && !this.closed(key)) // a bias is one more tap, that always reads a 1
      return this.pricesOf(indexOf(key)).map((at) => [this.tag(at), "b", "1", `${this.label("dy", at)}·1`, `${factor(entry(this.dy, at))}·1 = ${written(entry(this.dy, at))}`]);
    const open = rows.filter((row) => !this.closed(keyOf(SUMS[column].name, row[column])));
    return open.map((row) => [
      ...["out", "tap", "inp"].map((c) => row[c].map((n) => n + this.base).join(",")),
      this.term(row, column),
      `${this.products(row, column).map(factor).join("·")} = ${written(this.sum([row], column))}`,
    ]);
  }

  list() {
    this.terms.replaceChildren(...this.current.map((line) => make("tr", {}, ...line.map((text) => make("td", {}, text)))));
  }

  // ---------------------------------------------------------------- mouse, touch, keys
  listen() {
    const keyAt = (target) => target.closest?.("[data-key]")?.dataset.key ?? "";
    const point = (key) => {
      if (key === this.hovered) return;
      this.hovered = key;
      this.light();
    };
    const over = (event) => {
      const key = keyAt(event.target);
      const between = !key && event.target.closest("table"); // the gap of two cells is no place of its own
      if (event.pointerType !== "touch" && !between) point(key);
    };
    // where the keys scroll the page under a resting pointer, the keys go on pointing
    this.panels.addEventListener("keydown", () => (this.resting = true));
    this.panels.addEventListener("pointermove", (event) => ((this.resting = false), over(event)));
    this.panels.addEventListener("pointerover", (event) => this.resting || over(event));
    this.panels.addEventListener("pointerleave", () => point(keyAt(document.activeElement)));
    this.panels.addEventListener("focusin", (event) => {
      const cell = event.target.closest("[data-key]");
      if (!cell) return;
      cell.closest("table").querySelectorAll('[data-key][tabindex="0"]').forEach((other) => (other.tabIndex = -1));
      cell.tabIndex = 0;
      point(cell.dataset.key);
    });
    this.panels.addEventListener("focusout", (event) => !this.panels.contains(event.relatedTarget) && point(""));
    this.panels.addEventListener("click", (event) => {
      const key = keyAt(event.target);
      if (!key || event.target.tagName === "INPUT") return;
      if (key === this.pinned && this.editable(key)) return this.edit(key);
      this.pin(key);
      this.hovered = key;
      this.light();
    });
    this.panels.addEventListener("keydown", (event) => this.press(event));
    this.listing.addEventListener("toggle", () => this.list());
  }

  press(event) {
    const cell = event.target.closest("[data-key]");
    if (!cell || event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = cell.dataset.key;
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (moves[event.key]) this.walk(cell, ...moves[event.key]);
    else if (event.key === "Enter" && this.editable(key) && (key === this.pinned || this.closed(key))) this.edit(key);
    else if (event.key === "Enter" || event.key === " ") {
      this.pin(key);
      this.light();
    } else if (event.key === "Escape") {
      this.pin("");
      this.hovered = "";
      this.light();
    } else if (/^[-−\d.,]$/.test(event.key) && this.editable(key)) this.edit(key, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  walk(cell, down, right) {
    const line = cell.tagName === "TR" ? cell : cell.parentElement;
    const next = down ? (down > 0 ? line.nextElementSibling : line.previousElementSibling) : line;
    const goal = cell.tagName === "TR" ? next : next?.children[[...line.children].indexOf(cell) + right];
    if (goal?.dataset.key) goal.focus();
  }

  // ---------------------------------------------------------------- typing into a cell
  editable(key) {
    return this.closed(key) || (this.has("edit") && ["x", "w", "dy"].includes(nameOf(key)));
  }

  edit(key, typed) {
    const td = this.cells.get(key);
    const label = this.label(nameOf(key), indexOf(key));
    const input = make("input", { type: "text", autocomplete: "off", "aria-label": this.closed(key) ? `value of ${label}` : `new value of ${label}`, ...focusable });
    const before = this.closed(key) ? "" : String(this.value(key));
    input.value = typed ?? before;
    td.value.replaceChildren(input);
    let done = false; // taking the input away makes it lose the focus: a blur within a finish
    const finish = (keep, focus) => {
      if (done) return;
      done = true;
      this.leave = null;
      const text = input.value.trim();
      td.value.replaceChildren();
      this.alert.textContent = "";
      const number = NUMBER.test(text) ? Number(text.replace(",", ".").replace("−", "-")) : NaN;
      if (keep && text && text !== before) (this.closed(key) ? this.answer : this.put).call(this, key, label, number, text);
      this.refresh();
      if (focus) td.focus();
    };
    this.leave = () => (done = true); // the grid is built anew: nothing is taken from the field
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") finish(true, true);
      if (event.key === "Escape") finish(false, true);
    });
    input.addEventListener("blur", () => finish(true, false));
    input.focus();
    if (typed === undefined) input.select();
  }

  put(key, label, number, typed) {
    const most = this.model.get("most_value");
    if (!(Math.abs(number) <= most)) {
      this.alert.textContent = `${typed} is ${Number.isNaN(number) ? "not a number" : `more than ${most}`}; ${label} stays ${written(this.value(key))}.`;
      return;
    }
    this.write(key, number);
    this.tell();
  }

  // Put a number into a cell of x, w or dy, if there is such a cell.
  write(key, number) {
    const [name, at] = [nameOf(key), indexOf(key)];
    if (!cellsOf(shapeOf(this.reserve[name] ?? [])).some((cell) => keyOf(name, cell) === key)) return false;
    const changed = (part, [n, ...rest]) => (n === undefined ? number : part.map((p, k) => (k === n ? changed(p, rest) : p)));
    this.reserve = { ...this.reserve, [name]: changed(this.reserve[name], at) };
    this[name] = cropped(this.reserve[name], this.shapes[COLUMN[name]]);
    return true;
  }

  answer(key, label, number, typed) {
    if (!Number.isFinite(number)) return void (this.alert.textContent = `${typed} is not a number; ${label} stays closed.`);
    if (close(number, this.value(key)) || written(number) === written(this.value(key))) {
      this.opened.add(key);
      this.alert.textContent = `${label} = ${written(number)} is right.`;
      return;
    }
    const { ways, order } = this.model.get("wrong");
    const known = this.axes[0][5] ? [] : ways; // the words speak of cross-correlation
    const way = known.find((wrong) => wrong.of === nameOf(key) && close(number, this.misread(key, wrong, order)));
    this.alert.textContent = `${label} is not ${written(number)}. ${way ? `${way.words}.` : "Which products belong to it?"}`;
  }

  // The same products under taps that are labelled in a wrong order: NaN where that cannot be.
  misread(key, { flip, swap }, order) {
    const sizes = this.axes.map((options) => options[1]);
    if (swap && sizes[0] !== sizes[1]) return NaN;
    const relabelled = (tap) => {
      const lead = tap.slice(0, tap.length - sizes.length);
      const turned = tap.slice(-sizes.length).map((r, axis) => (flip[axis] ? order[sizes[axis]][r] : r));
      return [...lead, ...(swap ? turned.reverse() : turned)];
    };
    const column = COLUMN[nameOf(key)];
    const rows = grouped(this.rows.map((row) => ({ ...row, tap: relabelled(row.tap) })), column);
    return this.sum(rows.get(indexOf(key).join(",")) ?? [], column);
  }

  // ---------------------------------------------------------------- controls
  makeControls() {
    this.shows = [];
    const box = make("div", { class: "explorer-controls" });
    for (const name of Object.keys(WORDS)) if (this.has(name)) box.append(this.optionControl(name));
    if (this.has("convention")) box.append(this.choice("convention", [["0", "correlation"], ["1", "true convolution"]], () => String(this.axes[0][5]), (value) => this.option("mirrored", null, Number(value))));
    if (this.has("labels")) box.append(this.choice("count from", [["0", "0"], ["1", "1"]], () => String(this.base), (value) => this.count(Number(value))));
    if (this.has("presets")) box.append(this.presetControl());
    if (this.show.includes("table") || this.has("steps")) box.append(this.sortControl());
    if (this.has("steps")) box.append(this.stepControl());
    return box;
  }

  showControls() {
    if (this.axes) for (const show of this.shows) show();
  }

  option(name, axis, value) {
    const place = OPTIONS.indexOf(name);
    const axes = this.axes.map((options, k) => options.map((old, n) => (n === place && (axis === null || axis === k) ? value : old)));
    if (this.adopt(axes)) this.tell();
  }

  count(base) {
    this.base = base;
    this.adopt(this.axes);
  }

  slider(words, values, now, choose) {
    const id = nextId();
    const input = make("input", { type: "range", id, min: 0, max: values.length - 1, step: 1, ...focusable });
    const output = make("output", { for: id });
    const text = (value) => String(value).replace("-", " before, ") + (String(value).includes("-") ? " after" : "");
    input.addEventListener("input", () => choose(values[Number(input.value)]));
    this.shows.push(() => {
      input.value = Math.max(0, values.indexOf(now()));
      output.textContent = text(now());
      input.setAttribute("aria-valuetext", text(now()));
    });
    return make("div", { class: "explorer-slider" }, make("label", { for: id }, words), input, output);
  }

  optionControl(name) {
    const place = OPTIONS.indexOf(name);
    const values = this.model.get("ranges")[name];
    const one = { size: "input size", kernel: "kernel size" }[name] ?? name;
    const both = this.slider(one, values, () => this.axes[0][place], (value) => this.option(name, null, value));
    if (this.model.get("axes").length === 1) return both;
    const apart = ["height", "width"].map((word, k) => this.slider(`${WORDS[name]} ${word}`, values, () => this.axes[k][place], (value) => this.option(name, k, value)));
    const id = nextId();
    const box = make("input", { type: "checkbox", id, ...focusable });
    box.addEventListener("change", () => (box.checked || this.option(name, null, this.axes[0][place]), this.showControls()));
    this.shows.push(() => {
      if (this.axes[0][place] !== this.axes[1][place]) box.checked = true;
      both.hidden = box.checked;
      for (const slider of apart) slider.hidden = !box.checked;
    });
    const tick = make("span", { class: "explorer-apart" }, box, make("label", { for: id }, make("span", { class: "explorer-hidden" }, `${one}: height and width `), "apart"));
    return make("div", { class: "explorer-option" }, both, ...apart, tick);
  }

  choice(words, choices, now, choose) {
    const name = nextId();
    const inputs = choices.map(([value]) => make("input", { type: "radio", name, id: `${name}-${value}`, value, ...focusable }));
    inputs.forEach((input) => input.addEventListener("change", () => choose(input.value)));
    this.shows.push(() => inputs.forEach((input) => (input.checked = input.value === now())));
    return make("fieldset", { class: "explorer-choice" }, make("legend", {}, words), ...inputs.map((input, k) => make("span", {}, input, make("label", { for: input.id }, choices[k][1]))));
  }

  presetControl() {
    const id = nextId();
    const presets = this.model.get("presets");
    const select = make("select", { id, ...focusable }, make("option", { value: "" }, "choose ..."), ...presets.map(({ name }, k) => make("option", { value: k }, name)));
    select.addEventListener("change", () => {
      const preset = presets[Number(select.value)];
      if (select.value === "") return;
      const arrays = Object.fromEntries(["x", "w", "dy"].filter((name) => preset[name]).map((name) => [name, preset[name]]));
      this.opened.clear();
      if (this.adopt(preset.axes.length ? preset.axes : this.axes, arrays)) {
        this.preset = preset.name;
        this.tell();
      }
    });
    return make("div", { class: "explorer-slider" }, make("label", { for: id }, "numbers"), select);
  }

  sortControl() {
    const buttons = Object.entries(SUMS).map(([column, { word }]) => {
      const button = make("button", { type: "button", ...focusable }, `sort by ${word}`);
      button.addEventListener("click", () => {
        this.by = column;
        if (this.step !== null) this.step = 0;
        this.refresh();
      });
      this.shows.push(() => button.setAttribute("aria-pressed", this.by === column));
      return button;
    });
    return make("div", { class: "explorer-buttons", role: "group", "aria-label": "order of the products" }, ...buttons);
  }

  // Walk through the products in the present order; the grid they add up to fills as they come.
  stepControl() {
    const go = (n) => {
      this.step = n === null ? null : Math.max(0, Math.min(this.rows.length, n));
      this.refresh();
    };
    const halt = () => {
      clearInterval(this.playing);
      this.playing = null;
      this.said.setAttribute("aria-live", "polite");
    };
    const now = () => this.step ?? this.rows.length;
    const tick = () => (now() >= this.rows.length ? (halt(), this.showControls()) : go(now() + 1));
    const start = () => {
      this.playing = setInterval(tick, 1000 / this.speed);
      this.said.setAttribute("aria-live", "off"); // not every step is read out
    };
    this.speed = 2;
    const button = (name, act) => {
      const made = make("button", { type: "button", ...focusable }, name);
      made.addEventListener("click", act);
      return made;
    };
    const play = button("play", () => {
      if (this.playing) halt();
      else {
        if (now() >= this.rows.length) go(0);
        start();
      }
      this.showControls();
    });
    const steps = [button("to the start", () => (halt(), go(0))), button("back", () => (halt(), go(now() - 1))), play, button("forward", () => (halt(), go(this.step === null ? 1 : now() + 1))), button("all", () => (halt(), go(null)))];
    const count = make("span", { class: "explorer-count" });
    this.shows.push(() => {
      play.textContent = this.playing ? "pause" : "play";
      count.textContent = this.step === null ? `all ${this.rows.length} products` : `${this.step} of ${this.rows.length} products`;
    });
    const speed = this.slider("steps a second", [1, 2, 4, 8, 16], () => this.speed, (value) => {
      this.speed = value;
      if (this.playing) (halt(), start());
      this.showControls();
    });
    this.stop = halt;
    return make("div", { class: "explorer-steps" }, make("div", { class: "explorer-buttons", role: "group", "aria-label": "step through the products" }, ...steps, count), speed);
  }
}

function render({ model, el }) {
  const explorer = new Explorer(model, el);
  let due = false; // several traits that change together are heard once
  const heard = () => {
    if (explorer.telling || due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      if (explorer.root.isConnected) explorer.hear();
    });
  };
  const chosen = () => {
    if (explorer.telling) return;
    explorer.pinned = model.get("selected");
    explorer.hovered = "";
    explorer.light();
  };
  const events = ["x", "w", "dy", "axes", "maps"].map((name) => `change:${name}`);
  for (const event of events) model.on(event, heard);
  model.on("change:selected", chosen);
  return () => {
    explorer.stop?.();
    explorer.watch.disconnect();
    cancelAnimationFrame(explorer.frame);
    for (const event of events) model.off(event, heard);
    model.off("change:selected", chosen);
  };
}

export default { render };
