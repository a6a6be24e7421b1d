import assert from "node:assert/strict";
import { test } from "node:test";
import * as arrays from "../../../figures/explorer/src/arrays.js";
import { arranged, cellSize, height } from "../../../figures/explorer/src/layout.js";
import { isCell } from "../../../figures/explorer/src/names.js";
import * as sums from "../../../figures/explorer/src/sums.js";
import { layerOf, ordered, stops, unpacked } from "../../../figures/explorer/src/table.js";
import { layer } from "./layers.js";

test("cells, names and numbers", () => {
  assert.equal(arrays.keyOf("dx", [1, 2]), "dx[1,2]");
  assert.equal(arrays.keyOf("db", []), "db");
  assert.deepEqual(arrays.indexOf("M_x[10,2]"), [10, 2]);
  assert.deepEqual(arrays.indexOf("db"), []);
  assert.deepEqual(arrays.cellsOf([2, 3])[3], [1, 0]);
  assert.deepEqual(
    arrays.cropped(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [2, 1],
    ),
    [[1], [4]],
  );
  assert.deepEqual(
    arrays.laidInto(
      [
        [1, 2],
        [3, 4],
      ],
      [[7, 8, 9]],
    ),
    [
      [7, 8, 9],
      [3, 4],
    ],
  );
  assert.deepEqual(
    arrays.changed(
      [
        [1, 2],
        [3, 4],
      ],
      [1, 0],
      7,
    ),
    [
      [1, 2],
      [7, 4],
    ],
  );
  assert.deepEqual([-2.5, 123456.7, 0.1 + 0.2, 1e-9].map(arrays.written), ["−2.5", "123457", "0.3", "1e−9"]);
  assert.deepEqual(["−2,5", "1e2", ".5", "0x10", "1,000x", ""].map(arrays.read), [-2.5, 100, 0.5, NaN, NaN, NaN]);
  assert.ok(arrays.holds([[1, 2, 3]], [0, 2]) && !arrays.holds([[1, 2, 3]], [0, 3]) && !arrays.holds([[1, 2, 3]], [0]));
  assert.ok(isCell("dx[1]") && !isCell("row[1]") && !isCell("lattice[0,0]"));
});

test("a packed map is read digit by digit", () => {
  assert.deepEqual(unpacked("ba9b"), { outs: 1, triples: [[0, -1, 1]] });
});

// the definition of the layer, written out once more
function products(name, stride, padding) {
  const { traits } = layer(name);
  const [x, w] = [traits.x, traits.w];
  const found = new Map();
  for (const [p, q] of arrays.cellsOf(arrays.shapeOf(traits.dy)))
    for (const [r, s] of arrays.cellsOf(arrays.shapeOf(w))) {
      const [i, j] = [stride * p + r - padding, stride * q + s - padding];
      if (x[i]?.[j] === undefined) continue;
      for (const [key, n] of [
        [`y[${p},${q}]`, x[i][j] * w[r][s]],
        [`dw[${r},${s}]`, traits.dy[p][q] * x[i][j]],
        [`dx[${i},${j}]`, traits.dy[p][q] * w[r][s]],
      ])
        found.set(key, (found.get(key) ?? 0) + n);
    }
  return found;
}

test("every sum of a layer on two axes", () => {
  const { given, state } = layer("plane");
  const right = products("plane", 1, 0);
  assert.equal(right.size, 4 + 6 + 12);
  for (const [key, n] of right) assert.equal(sums.value(key, state, given), n, key);
  assert.equal(sums.value("db", state, given), 1 + 2 - 1 + 3);
});

test("rows in any order are the same rows; a walk stops after each sum", () => {
  const { given, state } = layer("line");
  const table = layerOf(state.axes, given);
  assert.equal(layerOf(state.axes, given), table);
  for (const by of ["out", "tap", "inp"]) assert.deepEqual(new Set(ordered(table, by)), new Set(table.rows));
  assert.deepEqual(stops(table, "inp", "group"), [0, 1, 3, 5, 6]);
  assert.deepEqual(stops(table, "tap", "group"), [0, 3, 6]);
  assert.deepEqual(stops(table, "tap", "product"), [0, 1, 2, 3, 4, 5, 6]);
});

test("what does not go together is said", () => {
  const { given, state } = layer("line");
  assert.match(layerOf([[9, 9, 1, 0, 1, 0]], given), /outside the ranges/);
  assert.match(layerOf([["__proto__"]], given), /outside the ranges/);
  assert.match(layerOf([...state.axes], { ...given, mostRows: 5 }), /6 products are more than the 5/);
  assert.match(
    layerOf([...state.axes], { ...given, mostRows: 7 }),
    /M_x would have 6 entries|M_w would have 12 entries/,
  );
  assert.equal(layerOf([[4, 2, 1, 0, 1, 0]], { ...given, maps: { "4/2/1/0/1/0": "!too long" } }), "too long");
});

test("channels, groups, strides and uneven padding", () => {
  const { given, state } = layer("groups");
  const table = sums.layerIn(state, given);
  assert.deepEqual(table.shapes, { out: [2, 2, 4], tap: [2, 2, 2, 2], inp: [4, 3, 3] });
  // the second filter reads the last two channels only
  for (const row of table.rows) assert.equal(Math.floor(row.inp[0] / 2), row.out[0]);
  assert.deepEqual(sums.pricesOf(table, [1]).length, 8);
  const total = (name, column) =>
    table.lines[column].reduce((all, at) => all + sums.value(arrays.keyOf(name, at), state, given), 0);
  const { dy, w } = sums.arraysOf(table, state);
  const direct = table.rows.reduce((all, row) => all + arrays.entry(dy, row.out) * arrays.entry(w, row.tap), 0);
  assert.equal(total("dx", "inp"), direct);
});

test("matrices and the lattice find their rows", () => {
  const { given, state } = layer("line");
  const table = sums.layerIn(state, given);
  for (const row of table.rows)
    for (const name of ["M_x", "M_w"])
      assert.equal(sums.rowAt(table, name, arrays.indexOf(sums.entryOf(table, name, row))), row);
  assert.equal(sums.value("M_w[0,3]", state, given), 0);
  assert.equal(sums.value("M_x[1,1]", state, given), 3);
  const met = sums.rowsOf("lattice[1,1]", state, given);
  assert.deepEqual(
    met.map(({ inp }) => inp),
    [[2]],
  );
  assert.deepEqual(sums.rowsOf("db", state, given), []);
  assert.deepEqual(sums.rowsOf("row[99]", state, given), []);
});

test("a zero that rounding leaves is 0", () => {
  const { given, state } = layer("line", { x: [0.1, 0.2, 0.3, 0], w: [1, 1] });
  const rows = sums.layerIn(state, given).rows;
  assert.equal(sums.sum(rows.slice(0, 2), "out", { x: [0.1, 0.2, 0.3], w: [1, -0.5] }), 0);
});

test("a table stands beside the grids, folded or not, or below them", () => {
  const grids = [5, 2, 4, 6, 5, 2].map((n) => ({ rows: n, columns: n }));
  const [heights, needs] = [
    { room: 400, spare: 60 },
    { table: 450, folded: 320 },
  ];
  const stand = (width, more = {}) => arranged(grids, width, { ...heights, ...more }, needs);
  assert.deepEqual(stand(1300, { room: 700 }), { cell: 46, beside: true, folded: false });
  assert.deepEqual(stand(944, { room: 500 }), { cell: 32, beside: true, folded: true });
  const tight = stand(944); // undo and copy stand below the window's edge, not the grids
  assert.ok(tight.beside && tight.folded && height(grids, tight.cell, 944 - 320) <= 460);
  assert.equal(stand(600).beside, false);
  assert.equal(stand(1264, { room: 250 }).beside, true); // it scrolls anyway, and is large beside the table
  assert.equal(arranged(grids, 1264, heights, { table: 0, folded: 0 }).beside, false);
});

test("cells are as large as the room allows, and one size for all", () => {
  const grids = [
    { rows: 5, columns: 5 },
    { rows: 2, columns: 2 },
  ];
  assert.equal(cellSize(grids, 1000, 1000), 46);
  assert.ok(cellSize(grids, 1000, 240) < 46);
  assert.ok(height(grids, 46, 300) > height(grids, 46, 1000));
  assert.equal(height([{ rows: 1, columns: 50 }], 46, 300), 1e6);
  assert.equal(cellSize([{ rows: 1, columns: 50 }], 300, 100), 46); // it scrolls: no size fits
  assert.equal(
    cellSize(
      [
        { rows: 5, columns: 5 },
        { rows: 5, columns: 5 },
      ],
      360,
      100,
    ),
    26,
  );
});
