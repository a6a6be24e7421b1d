import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { AHEAD, asking } from "../../../figures/widgets/src/asking.js";
import { frameStore, neighbours } from "../../../figures/widgets/src/frames.js";

const slider = (length) => ({ texts: Array(length).fill(""), radio: false, menu: false });
const words = (length) => ({ texts: Array(length).fill(""), radio: true, menu: false });

beforeEach(() => mock.timers.reset());

test("the least recently used frame goes first, and no more bytes are kept than allowed", () => {
  const gone = [];
  const store = frameStore(100, (frame) => gone.push(frame.name));
  for (const name of [0, 1, 2]) store.put([name], { name, size: 30 });
  assert.equal(store.get([0]).name, 0); // used again
  store.put([3], { name: 3, size: 30 });
  assert.deepEqual([gone, store.bytes(), store.get([1])], [[1], 90, undefined]);
  store.put([0], { name: 4, size: 60 }); // another picture of the same place
  assert.deepEqual([gone.sort(), store.bytes()], [[0, 1, 2], 90]);
  store.put([5], { name: 5, size: 400 }); // alone it may be too large
  assert.deepEqual([store.get([5]).name, store.bytes(), store.room()], [5, 400, 0]);
  store.clear();
  assert.deepEqual([store.bytes(), store.get([5]), gone.length], [0, undefined, 6]);
});

test("the nearest come first, along each axis, and first where the reader is heading", () => {
  assert.deepEqual(neighbours([2], [slider(5)], [0]), [[1], [3], [0], [4]]);
  assert.deepEqual(neighbours([2], [slider(5)], [1]), [[3], [1], [4], [0]]);
  const grid = neighbours([4, 1], [slider(9), words(5)], [-3, 0]);
  assert.equal(grid.length, 44);
  assert.deepEqual(grid[0], [3, 1]);
  const near = grid.slice(0, 6).map(String).sort();
  assert.deepEqual(near, ["3,1", "4,0", "4,2", "4,3", "4,4", "5,1"]); // words are all one choice away
});

/** A page whose Python answers when told to; its clock stands still unless time passes. */
function bench(controls, { at = controls.map(() => 0), limit = 1e6, seen = true } = {}) {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const page = { at, sent: [], answers: 0, shown: [], released: [], seen };
  page.python = asking({
    at: () => page.at,
    controls,
    send: (question) => page.sent.push(question),
    show: (frame) => page.shown.push(frame.error ?? String(frame.at)),
    release: (frame) => page.released.push(String(frame.at)),
    visible: () => page.seen,
    limit,
    now: () => Date.now(),
  });
  page.pass = (ms) => mock.timers.tick(ms);
  page.move = (to) => {
    const from = page.at;
    page.at = to;
    return page.python.moved(from);
  };
  page.answer = (more = {}, size = 10) => {
    const question = page.sent.at(-1);
    page.answers += 1;
    page.python.heard({ at: question.at, took: 50, keep: true, ...more }, [{ byteLength: size }]);
    page.pass(20);
    return question;
  };
  page.drawAll = () => {
    while (page.answers < page.sent.length) page.answer();
  };
  page.python.given({ at, size: 10, image: "first" });
  return page;
}

test("neighbours are asked for one at a time when all is at rest, and then shown without asking", () => {
  const page = bench([slider(40)], { at: [20] });
  assert.equal(page.sent.length, 0);
  page.pass(300);
  assert.deepEqual(page.sent, [{ at: [19], wish: false }]);
  page.pass(5000);
  assert.equal(page.sent.length, 1); // no second question without an answer
  page.drawAll();
  assert.equal(page.sent.length, AHEAD);
  assert.deepEqual(page.shown, []);
  assert.deepEqual(page.move([23]).at, [23]);
  assert.equal(page.sent.length, AHEAD); // it was known
  page.pass(60);
  assert.deepEqual(page.sent.at(-1), { at: [29], wish: false }); // the front moves on
});

test("of the wishes during an answer only the newest is asked for", () => {
  const page = bench([slider(60)]);
  page.pass(300);
  for (let k = 20; k < 50; k++) assert.equal(page.move([k]), undefined);
  page.pass(100);
  assert.equal(page.sent.length, 1);
  page.answer(); // the neighbour
  assert.deepEqual(page.sent.at(-1), { at: [49], wish: true });
  for (let k = 48; k >= 40; k--) page.move([k]);
  assert.equal(page.sent.length, 2);
  page.answer();
  assert.deepEqual(page.sent.at(-1), { at: [40], wish: true });
  page.answer();
  assert.deepEqual(page.shown, ["40"]);
});

test("while a cell runs nothing is asked but wishes; its end drops what was drawn", () => {
  const page = bench([slider(5)]);
  page.pass(300);
  page.answer();
  page.answer({ later: true });
  const before = page.sent.length;
  page.pass(500);
  assert.equal(page.sent.length, before);
  page.move([3]);
  assert.deepEqual(page.sent.at(-1), { at: [3], wish: true });
  page.answer({ keep: false }); // drawn while the cell ran
  assert.deepEqual(page.shown, ["3"]);
  page.python.heard({ forget: true }, []);
  assert.equal(page.python.bytes(), 0);
  assert.equal(String(page.python.known([3]).at), "3"); // what is shown stays
  assert.equal(page.python.known([1]), undefined);
  const after = page.sent.length;
  page.pass(200);
  assert.equal(page.sent.length, after); // another cell may follow
  page.pass(200);
  assert.deepEqual(page.sent.at(-1), { at: [4], wish: false });
});

test("should the end of a cell be missed, the page asks again", () => {
  const page = bench([slider(5)]);
  page.pass(300);
  page.answer({ later: true });
  page.pass(1900);
  assert.equal(page.sent.length, 1);
  page.pass(200);
  page.pass(400);
  assert.equal(page.sent.length, 2);
});

test("what cannot be drawn is shown as an error only to those who wished it, and asked again by them", () => {
  const page = bench([slider(3)]);
  page.pass(300);
  page.answer({ error: "ValueError: 1 does not fit" });
  assert.deepEqual(page.shown, []);
  page.answer();
  page.pass(1000);
  assert.equal(page.sent.length, 2); // the neighbour at 1 is not asked for again
  page.move([1]);
  assert.deepEqual(page.sent.at(-1), { at: [1], wish: true });
  page.answer({ error: "ValueError: 1 does not fit" });
  assert.deepEqual(page.shown, ["ValueError: 1 does not fit"]);
  page.pass(1000);
  assert.equal(page.sent.length, 3);
  assert.equal(page.move([0]).image, "first");
  page.move([1]);
  assert.equal(page.sent.length, 4);
  page.python.given({ at: [1], size: 0, error: "from Python" });
  assert.equal(page.python.known([1]).error, "from Python");
});

test("what is slow is not drawn ahead", () => {
  const page = bench([slider(9)]);
  page.pass(300);
  for (const count of [1, 2, 3]) {
    assert.equal(page.sent.length, count);
    page.answer({ took: 400 });
    page.pass(500);
    assert.equal(page.sent.length, count);
    page.pass(600);
  }
  page.pass(9000);
  assert.equal(page.sent.length, 3);
  page.move([7]);
  page.answer({ took: 90 }); // it was the machine
  page.pass(1000);
  assert.equal(page.sent.length, 5);
});

test("what is out of sight is not drawn ahead", () => {
  const hidden = bench([slider(9)], { seen: false });
  hidden.pass(1000);
  assert.equal(hidden.sent.length, 0);
  hidden.seen = true;
  hidden.python.ask();
  assert.equal(hidden.sent.length, 1);
});

test("no more neighbours are asked for than can be kept, and those around the reader stay", () => {
  const page = bench([slider(60)], { at: [30], limit: 75 });
  page.pass(300);
  page.drawAll();
  assert.equal(page.python.bytes(), 70);
  for (let k = 31; k < 50; k++) {
    page.move([k]);
    page.pass(60);
    page.drawAll();
    assert.ok(page.python.bytes() <= 75);
    for (const near of [k - 1, k + 1, k + 2]) assert.ok(page.python.known([near]), `${near} at ${k}`);
  }
  const asked = page.sent.length;
  page.pass(5000);
  assert.equal(page.sent.length, asked); // and it comes to rest
  const places = [...new Set(page.sent.map(({ at }) => String(at)))];
  const kept = places.filter((place) => page.python.known([Number(place)]));
  assert.deepEqual([kept.length, page.released.length], [7, asked + 1 - 7]); // the first picture was given
  page.python.stop();
  assert.equal(page.released.length, asked + 1); // every address is given back, once
});

test("after a cut line a move asks again", () => {
  const page = bench([slider(60)]);
  page.pass(300);
  page.move([30]);
  page.pass(9000);
  page.move([31]);
  assert.equal(page.sent.length, 1);
  page.pass(2000);
  page.move([32]);
  assert.deepEqual(page.sent.at(-1), { at: [32], wish: true });
});
