import assert from "node:assert/strict";
import { test } from "node:test";
import { longest } from "../../../figures/explorer/src/longest.js";
import * as sums from "../../../figures/explorer/src/sums.js";
import { coefficients, flip, formulas } from "../../../figures/explorer/src/symbols.js";
import { idle, lead, listOf, note, words } from "../../../figures/explorer/src/words.js";
import { layer } from "./layers.js";

const said = (name, key, ...actions) => {
  const { given, after } = layer(name);
  return words(key, after(...actions), given);
};

test("a sum in symbols and in numbers", () => {
  assert.deepEqual(said("line", "dx[1]"), ["dx[1] = dy[0]·w[1] + dy[1]·w[0]", "= 2·1 + 4·10 = 42"]);
  assert.deepEqual(said("plane", "dw[1,2]"), [
    "dw[1,2] = dy[0,0]·x[1,2] + dy[0,1]·x[1,3] + dy[1,0]·x[2,2] + dy[1,1]·x[2,3]",
    "= 1·(−2) + 2·2 + (−1)·1 + 3·5 = 16",
  ]);
  assert.deepEqual(
    said("line", "dx[1]", { type: "set", name: "base", value: 1 })[0],
    "dx[2] = dy[1]·w[2] + dy[2]·w[1]",
  );
});

test("cells that are no sums say where they are used", () => {
  assert.deepEqual(said("line", "dy[1]"), [
    "dy[1] = 4 is multiplied by w[0] for dx[1], w[1] for dx[2]",
    "2 products of the table use it.",
  ]);
  assert.equal(said("line", "w[0]")[0], "w[0] = 10 is multiplied by x[0] for y[0], x[1] for y[1], x[2] for y[2]");
  assert.deepEqual(said("line", "x[3]", { type: "option", name: "stride", axis: null, value: 3 }), [
    "x[3] = 5",
    "No product of the table uses it.",
  ]);
  assert.deepEqual(said("line", "dx[3]", { type: "option", name: "stride", axis: null, value: 3 }), [
    "dx[3] = 0",
    "No product of the table goes there.",
  ]);
  assert.equal(said("line", "x[0]")[1], "One product of the table uses it.");
});

test("rows, matrices, the lattice and the bias", () => {
  assert.deepEqual(said("line", "row[1]"), [
    "y[0] gets x[1]·w[1]; dw[1] gets dy[0]·x[1]; dx[1] gets dy[0]·w[1]",
    "2·1 = 2; 2·2 = 4; 2·1 = 2",
  ]);
  const [symbols, numbers] = said("line", "row[1]");
  assert.deepEqual(said("line", "lattice[0,1]"), [`lattice[0,1]: ${symbols}`, numbers]);
  assert.deepEqual(said("line", "lattice[9,9]")[1], "A zero: no product of the table.");
  assert.match(said("plane", "lattice[1,2]")[0], /^lattice\[1,2\]: output 1, tap 2 and input 3 meet along the width/);
  assert.deepEqual(said("line", "M_w[1,2]"), [
    "M_w[1,2], row of y[1], column of x[2]: w[1]",
    "= 1; y[1] gets x[2]·w[1] = 3·1 = 3",
  ]);
  assert.deepEqual(said("line", "M_w[1,0]"), [
    "M_w[1,0], row of y[1], column of x[0]: empty",
    "y[1] does not read x[0].",
  ]);
  assert.equal(said("line", "db")[0], "db = ?");
  assert.deepEqual(said("groups", "db[1]")[0].split(" = ")[0], "db[1]");
  assert.deepEqual(said("line", "db", { type: "answer", key: "db", text: "13" }), [
    "db = dy[0] + dy[1] + dy[2]",
    "= 2 + 4 + 7 = 13",
  ]);
});

test("a long sum begins with its value", () => {
  const { given, state } = layer("groups");
  const many = words("dw[0,0,0,0]", state, given);
  assert.ok(many[0].includes(" + ") && many[1].startsWith("= "));
  const [first] = words("db[0]", { ...state, reserve: state.reserve }, given);
  assert.match(first, /^db\[0\] = /);
  const wide = layer("line", { axes: [[4, 2, 1, 0, 1, 0]] });
  assert.equal(words("dw[0]", wide.state, wide.given)[0], "dw[0] = dy[0]·x[0] + dy[1]·x[1] + dy[2]·x[2]");
});

test("where the numbers come first, they bear the name of their sum", () => {
  assert.equal(lead(said("line", "dx[1]")), "dx[1]");
  assert.equal(lead(said("line", "db", { type: "answer", key: "db", text: "13" })), "db");
  assert.equal(lead(["y[0,1] = −3.5 = x[0,1]·w[0,0] + x[0,2]·w[0,1]", "= 1·2 + 3·4 = −3.5"]), "y[0,1] = −3.5");
  for (const key of ["x[1]", "row[1]", "M_w[1,2]", "lattice[0,1]", "db"]) assert.equal(lead(said("line", key)), "");
});

test("where no cell is spoken of", () => {
  const { after } = layer("line");
  assert.match(idle(after()), /^Point at a cell/);
  assert.match(idle(after({ type: "step", to: 0 })), /^No product is added up yet/);
});

test("closed cells are not given away", () => {
  const { given, after } = layer("line");
  const state = after({ type: "challenge", of: "dx" });
  assert.deepEqual(words("dx[1]", state, given)[0], "dx[1] = ?");
  assert.deepEqual(words("row[1]", state, given)[0], "y[0] gets x[1]·w[1]; dw[1] gets dy[0]·x[1]");
  assert.deepEqual(listOf("dx[1]", state, given), []);
  assert.equal(note("dx[1]", state, given), "");
  const all = { ...state, by: "inp" };
  assert.equal(words("row[1]", all, { ...given, show: ["dx"] })[0], "This row leads to a closed cell.");
});

test("a sum as lines of a table", () => {
  const { given, state, after } = layer("line");
  assert.deepEqual(listOf("dx[1]", state, given), [
    ["0", "1", "1", "dy[0]·w[1]", "2·1 = 2"],
    ["1", "0", "1", "dy[1]·w[0]", "4·10 = 40"],
  ]);
  assert.deepEqual(listOf("", state, given), []);
  const open = after({ type: "answer", key: "db", text: "13" });
  assert.deepEqual(listOf("db", open, given)[1], ["1", "b", "1", "dy[1]·1", "4·1 = 4"]);
  assert.match(note("dx[1]", state, given), /the tap that meets/);
  assert.match(note("dw[1]", state, given), /the output that meets/);
});

// a formula's index, evaluated, is the input cell of each product
test("the formulas say what the map says", () => {
  for (const value of [0, 1]) {
    const { given, after } = layer("line");
    const state = after(
      { type: "option", name: "mirrored", axis: null, value },
      { type: "option", name: "padding", axis: null, value: 1 },
    );
    const table = sums.layerIn(state, given);
    const { a, b, c } = coefficients(table.maps[0]);
    for (const { out, tap, inp } of table.rows) assert.equal(a * out[0] + b * tap[0] + c, inp[0]);
    assert.equal(b, value ? -1 : 1);
    assert.match(flip(state, given), value ? /^True convolution/ : /^Cross-correlation/);
  }
});

test("formulas of one axis, of two, and counted from 1", () => {
  const line = layer("line");
  const text = (...actions) => formulas(line.after(...actions), line.given).map((one) => one.text);
  assert.deepEqual(text(), ["y[p] = Σ x[p + r]·w[r]", "dw[r] = Σ dy[p]·x[p + r]", "dx[i] = Σ dy[i − r]·w[r]"]);
  const mirrored = { type: "option", name: "mirrored", axis: null, value: 1 };
  assert.deepEqual(text(mirrored), [
    "y[p] = Σ x[p + 1 − r]·w[r]",
    "dw[r] = Σ dy[p]·x[p + 1 − r]",
    "dx[i] = Σ dy[i + r − 1]·w[r]",
  ]);
  const [y, , dx] = text(
    { type: "option", name: "stride", axis: null, value: 2 },
    { type: "option", name: "padding", axis: null, value: 1 },
  );
  assert.deepEqual([y, dx], ["y[p] = Σ x[2p + r − 1]·w[r]", "dx[i] = Σ dy[(i + 1 − r)/2]·w[r]"]);
  assert.equal(text({ type: "set", name: "base", value: 1 })[0], "y[p] = Σ x[p + r − 1]·w[r]");
  const { given, state } = layer("plane");
  assert.equal(formulas(state, given)[2].text, "dx[i, j] = Σ dy[i − r, j − s]·w[r, s]");
  const groups = layer("groups");
  assert.match(
    formulas(groups.state, groups.given)[0].text,
    /^y\[k, p, q\] = Σ x\[c, 2p \+ r, q \+ s − 1\]·w\[k, c, r, s\]$/,
  );
});

test("the longest texts are those of the cells with the most products, and of closed cells what they hide", () => {
  const { given, state } = layer("plane");
  const keys = ["y[0,0]", "dx[0,0]", "dx[1,1]", "dx[1,2]", "row[0]"];
  const texts = longest(keys, state, given);
  const sizes = texts.map((one) => one.join("").length);
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => b - a),
  );
  assert.equal(texts.length, 4); // of y, dx, the table, and where nothing is chosen
  assert.ok(texts.some(([symbols, numbers]) => symbols === "" && numbers === idle(state)));
  const inner = ["dx[1,1]", "dx[1,2]"].map((key) => words(key, state, given).join("").length);
  assert.equal(texts.find(([symbols]) => symbols.startsWith("dx[1,"))?.join("").length, Math.max(...inner));
  assert.ok(texts.some(([symbols]) => /^Product (\d+) of \1: y\[0,0\] gets /.test(symbols)));
  const hidden = longest(["dx[1,1]"], state, { ...given, hide: ["dx"] }).map(([symbols]) => symbols);
  assert.ok(hidden.includes(words("dx[1,1]", state, given)[0]) && hidden.includes("dx[1,1] = ?"));
});
