import assert from "node:assert/strict";
import { test } from "node:test";
import * as history from "../../../figures/explorer/src/history.js";
import { heard, leftOut, seen, told } from "../../../figures/explorer/src/links.js";
import { python } from "../../../figures/explorer/src/python.js";
import { editable, placed, reduce, stepped } from "../../../figures/explorer/src/state.js";
import * as sums from "../../../figures/explorer/src/sums.js";
import { ordered } from "../../../figures/explorer/src/table.js";
import { layer } from "./layers.js";

const option = (name, value, axis = null) => ({ type: "option", name, axis, value });

test("a state is frozen, and an action makes another", () => {
  const { state, after } = layer("line");
  assert.ok(Object.isFrozen(state) && state.by === "inp"); // it opens in the order of its sum
  const next = after(option("stride", 2));
  assert.ok(Object.isFrozen(next) && next !== state);
  assert.deepEqual([state.axes[0][2], next.axes[0][2]], [1, 2]);
});

test("what does not fit is told, and what is gone is let go", () => {
  const { given, state, after } = layer("plane");
  assert.match(reduce(state, { ...option("stride", 7) }, given), /^Not possible: this combination lies outside/);
  const { pinned } = after({ type: "pin", key: "y[1,1]" }, option("stride", 3));
  assert.equal(pinned, "");
  assert.equal(after({ type: "pin", key: "y[0,0]" }, option("stride", 3)).pinned, "y[0,0]");
  assert.equal(after({ type: "pin", key: "row[2]" }, option("stride", 2)).pinned, "");
  assert.match(reduce(state, { type: "preset", name: "none" }, given), /no example/);
});

test("an example brings its numbers and sizes along", () => {
  const { given, after } = layer("plane");
  const book = after({ type: "preset", name: "chapter 5" });
  assert.deepEqual(
    book.axes.map((axis) => axis.slice(0, 2)),
    [
      [3, 2],
      [3, 2],
    ],
  );
  assert.equal(sums.value("dx[1,1]", book, given), 4321);
  const sobel = after({ type: "preset", name: "Sobel x" });
  assert.deepEqual(
    sobel.axes.map((axis) => axis[1]),
    [3, 3],
  );
  assert.equal(sums.value("w[1,0]", sobel, given), -2);
});

test("a walk goes on by sums or by products", () => {
  const { given, state, after } = layer("line");
  const step = (by) => ({ type: "step", by });
  const to = (n) => ({ type: "step", to: n });
  assert.deepEqual(
    [step(1), step(1), step(1)].map((_, n, all) => after(...all.slice(0, n + 1)).step),
    [1, 3, 5],
  );
  assert.equal(after(step(-1)).step, 5);
  assert.equal(after(to(0), step(-1)).step, 0);
  assert.equal(after(to(6), step(1)).step, 6);
  assert.equal(after(to(99)).step, 6);
  assert.equal(after(to(3), to(null)).step, null);
  const single = { type: "set", name: "unit", value: "product" };
  assert.equal(after(single, step(1), step(1)).step, 2);
  assert.equal(after(to(3), { type: "sort", by: "tap" }).step, 0);
  const walked = after(to(2));
  const rows = ordered(sums.layerIn(walked, given), walked.by);
  assert.equal(stepped(walked, rows), "dx[1]");
  assert.equal(stepped({ ...walked, unit: "product" }, rows), rows[1].key);
  assert.equal(stepped(state, rows), "");
});

test("numbers are put into cells, and only numbers", () => {
  const { given, state, after } = layer("line");
  const put = (text, key = "x[1]") => ({ type: "put", key, text });
  assert.equal(sums.value("y[1]", after(put("8")), given), 83);
  assert.equal(sums.value("x[1]", after({ type: "paint", key: "x[1]", value: 9 }), given), 9);
  assert.equal(reduce(state, put("seven"), given), "seven is not a number; x[1] stays 2.");
  assert.equal(reduce(state, put("2000000"), given), "2000000 is more than 1000000; x[1] stays 2.");
  assert.equal(placed(state, "x[99]", 1), state);
  assert.equal(placed(state, "q[0]", 1), state);
  assert.ok(editable("x[0]", state, given) && editable("db", state, given) && !editable("y[0]", state, given));
});

test("a challenge keeps the score and names the mistake", () => {
  const { given, after } = layer("line");
  const answer = (text) => ({ type: "answer", key: "dx[1]", text });
  const start = { type: "challenge", of: "dx" };
  const wrong = after(start, answer("24"));
  assert.deepEqual(wrong.score, [0, 1]);
  assert.match(wrong.notice, /^dx\[1\] is not 24\. .*kernel/); // 2·10 + 4·1: the kernel was not flipped
  assert.match(after(start, answer("7")).notice, /Which products belong to it\?$/);
  const right = after(start, answer("24"), answer("42"));
  assert.deepEqual([right.score, right.opened], [[1, 2], ["dx[1]"]]);
  assert.ok(!sums.closed("dx[1]", right, given) && sums.closed("dx[2]", right, given));
  assert.match(reduce(after(start), answer("x"), given), /stays closed/);
  // under true convolution the words of cross-correlation are not used
  assert.match(after(option("mirrored", 1), start, answer("42")).notice, /Which products/);
});

test("a wrong reading that cannot be has no value", () => {
  const { given, state } = layer("plane");
  assert.ok(Number.isNaN(sums.misread("dx[1,1]", { flip: [1, 1], swap: 1 }, state, given)));
});

test("what Python sets is heard", () => {
  const { given, state, traits, get } = layer("line");
  traits.x = [9, 9, 9, 9];
  const next = reduce(state, { type: "python", get }, given);
  assert.equal(sums.value("y[0]", next, given), 99);
  assert.equal(reduce(state, { type: "selected", key: "dw[0]" }, given).pinned, "dw[0]");
  assert.equal(reduce(next, { type: "reset" }, given).reserve, state.reserve);
  assert.equal(reduce(state, { type: "reset" }, { ...given, start: undefined }).pinned, "dx[1]");
  assert.equal(reduce(state, { type: "notice", text: "so" }, given).notice, "so");
});

test("changes are undone and redone, looking is not", () => {
  const { after } = layer("line");
  const [one, two] = [after(option("stride", 2)), after(option("stride", 2), option("padding", 1))];
  let past = history.begin(after());
  past = history.commit(past, one);
  past = history.commit(past, after(option("stride", 2), { type: "pin", key: "y[0]" }));
  assert.equal(past.past.length, 1);
  past = history.commit(past, two);
  past = history.undo(past);
  assert.equal(past.now.axes[0][3], 0);
  assert.equal(history.redo(past).now, two);
  past = history.undo(history.undo(past));
  assert.equal(past.now.axes[0][2], 1);
  assert.equal(past.future.length, 2);
  assert.equal(history.commit(past, two).future.length, 0);
  assert.equal(history.redo(history.begin(one)).now, one);
  const { x, w, dy } = structuredClone(one.reserve); // in whatever order they come
  assert.ok(history.same(one, { ...one, reserve: { dy, w, x } }) && !history.same(one, two));
});

test("a state goes out as texts and comes back", () => {
  const { given, state, after } = layer("line");
  const there = after(
    option("stride", 2),
    { type: "set", name: "heat", value: true },
    { type: "set", name: "base", value: 1 },
    { type: "put", key: "x[2]", text: "-7" },
    { type: "pin", key: "dw[1]" },
    { type: "sort", by: "tap" },
    { type: "set", name: "unit", value: "product" },
    { type: "step", to: 3 },
    { type: "challenge", of: "dw" },
    { type: "answer", key: "dw[0]", text: "30" },
  );
  assert.deepEqual(told(state, given), {});
  const texts = told(there, given);
  assert.deepEqual(texts, {
    cell: "dw[1]",
    stride: "2",
    sort: "tap",
    by: "product",
    count: "1",
    heat: "1",
    challenge: "dw",
    "x[2]": "-7",
  });
  const [back, wrong] = heard(texts, given);
  assert.deepEqual([told(back, given), wrong], [texts, []]);
  assert.deepEqual(back.reserve, there.reserve);
  assert.deepEqual(Object.keys(seen(texts)), ["sort", "by", "count", "heat", "challenge"]);
  assert.equal(told(after({ type: "pin", key: "row[1]" }), given).cell, "");
});

test("an example and edits upon it", () => {
  const { given, after } = layer("plane");
  const there = after({ type: "preset", name: "chapter 5" }, { type: "put", key: "x[0,0]", text: "5" });
  const texts = told(there, given);
  assert.deepEqual(texts, { numbers: "chapter 5", size: "3", kernel: "2", "x[0,0]": "5" });
  assert.deepEqual(heard(texts, given)[0].reserve, there.reserve);
});

test("what is not possible is left out, and no word of the link is repeated", () => {
  const { given } = layer("line");
  const all = {
    cell: "dx[9]",
    stride: "99",
    kernel: "two",
    step: "1000",
    sort: "colour",
    count: "7",
    open: "dx[0]",
    numbers: "none",
    axis: "4",
    challenge: "db",
    heat: "5",
    "x[0]": "many",
    "x[77]": "1",
    "x[1]": "1e9",
    __proto__x: "1",
    "<b>": "1",
  };
  const [state, wrong] = heard(all, given);
  assert.deepEqual(told(state, given), {});
  assert.deepEqual(new Set(wrong), new Set(Object.keys(all)));
  assert.match(leftOut(wrong), /^Left out.*: cell, stride.*2 unknown things\.$/);
  assert.equal(leftOut(["<b>"]), "Left out, because it is not possible here: something unknown.");
  assert.equal(leftOut([]), "");
  assert.equal(heard(Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`a${n}`, "1"])), given)[1].length, 1);
  assert.deepEqual(heard({ stride: "2", cell: "y[0]", open: "db", heat: "1" }, given)[1], []);
});

test("the state as Python", () => {
  const { given, after } = layer("line");
  const text = python(
    after(
      option("stride", 2),
      option("mirrored", 1),
      { type: "set", name: "heat", value: true },
      { type: "put", key: "w[1]", text: "-3" },
    ),
    given,
  );
  assert.match(
    text,
    /^import numpy as np\nfrom figures import explore\n\nx = np.array\(\[1, 2, 3, 5\]\)\nw = np.array\(\[10, -3\]\)\n/,
  );
  assert.match(text, /explore\(x, w, dy, stride=2, mirrored=True,\n {8}show=\("x", "w"/);
  assert.match(text, /hide=\("db",\),\n {8}start="dx\[1\]",\n {8}state=\{"heat": "1"\}\)\n$/);
  const groups = layer("groups");
  const more = python(groups.state, groups.given);
  assert.match(more, /explore\(x, w, dy, stride=\(2, 1\), padding=\(\(0, 1\), \(1, 1\)\), groups=2,/);
  const plane = layer("plane");
  const same = python(plane.after(option("padding", 1), option("stride", 2, 0)), plane.given);
  assert.match(same, /stride=\(2, 1\), padding=1,/);
  assert.match(same, /x = np\.array\(\[\[1, 2, 0, -1\],\n {14}\[3, 1, -2, 2\],/);
});
