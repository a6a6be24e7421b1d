import assert from "node:assert/strict";
import { test } from "node:test";
import {
  collected,
  count,
  known,
  markOf,
  merged,
  noted,
  nothing,
  parsed,
} from "../../../figures/widgets/src/progress.js";
import { load, record } from "../../../figures/widgets/src/store.js";

const guess = (text) => ({ texts: [text], chosen: "" });
const marksOf = (progress) =>
  collected(known(progress).map((number) => [number, JSON.stringify(markOf(progress, number))]));

/** What a browser keeps: its entries are properties, as in a page. */
class Store {
  getItem(key) {
    return this[key] ?? null;
  }
  setItem(key, text) {
    this[key] = text;
  }
  removeItem(key) {
    delete this[key];
  }
}

test("what is solved stays solved, and only a first wrong answer is missed", () => {
  let progress = noted(nothing(), "4.1", "wrong", guess("7"));
  assert.deepEqual(progress.missed, ["4.1"]);
  progress = noted(progress, "4.1", "right", guess("8"));
  assert.deepEqual(markOf(progress, "4.1"), { solved: true, shown: false, missed: true, guess: guess("8") });
  progress = noted(noted(progress, "4.1", "right", null, true), "4.1", "wrong", guess("9"));
  assert.deepEqual([progress.solved, progress.missed], [["4.1"], []]);
  assert.deepEqual(noted(progress, "4.1", "wrong", guess("9"), true).missed, ["4.1"]);
});

test("an answer that is shown opens what follows, and comes again", () => {
  const progress = noted(nothing(), "Q0.1", "shown");
  assert.deepEqual(markOf(progress, "Q0.1"), { solved: false, shown: true, missed: true, guess: null });
  assert.equal(count(noted(progress, "Q0.1", "right", guess("403")), ["Q0.1", "Q0.2"]), 1);
});

test("a text of somebody else is as good as none", () => {
  for (const text of [null, "", "{", "7", "[]", '{"solved": 3, "guesses": {"1": {"texts": 2}}}', '"x"'])
    assert.deepEqual(parsed(text), nothing(), text);
  const texts = [null, "", "{", "7", "[]", '{"solved": 3, "shown": "yes", "guess": {"texts": 2}}', '"x"'];
  assert.deepEqual(collected(texts.map((text, i) => [`1.${i}`, text])), nothing());
  const progress = noted(noted(nothing(), "1.1", "right", guess("1")), "Q1.1", "shown");
  assert.deepEqual(parsed(JSON.stringify(progress)), progress);
  assert.deepEqual(marksOf(progress), progress);
});

test("of two records nothing is lost", () => {
  const one = noted(nothing(), "1.1", "right", guess("1"));
  const other = noted(noted(nothing(), "1.2", "wrong", guess("2")), "Q1.1", "shown");
  const both = merged(one, other);
  assert.deepEqual([both.solved, both.shown, both.missed], [["1.1"], ["Q1.1"], ["1.2", "Q1.1"]]);
  assert.deepEqual(Object.keys(both.guesses), ["1.1", "1.2"]);
  assert.deepEqual(merged(both, both), both);
});

test("moves at random lose no mark", () => {
  let seed = 1;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  for (let reader = 0; reader < 20; reader++) {
    let progress = nothing();
    const solved = new Set();
    for (let move = 0; move < 200; move++) {
      const number = `1.${random(6)}`;
      const outcome = ["right", "wrong", "shown"][random(3)];
      if (outcome === "right") solved.add(number);
      progress = marksOf(noted(progress, number, outcome, guess(String(move)), random(4) === 0));
      assert.deepEqual(new Set(progress.solved), solved);
    }
  }
});

test("where nothing can be stored the page remembers", () => {
  globalThis.dispatchEvent = () => true; // Node has neither storage nor a window
  record("3.1", "right", guess("{16, 17, 18}"));
  record("3.2", "wrong", guess("1"));
  assert.deepEqual([load().solved, load().missed], [["3.1"], ["3.2"]]);
});

test("a tab that has not heard of another one writes over none of its marks", () => {
  globalThis.dispatchEvent = () => true;
  globalThis.flippedKernel.unsaved = nothing();
  const [mine, theirs] = [new Store(), new Store()];
  for (const [store, number] of [
    [mine, "4.5"],
    [theirs, "0.2"],
    [mine, "4.4"],
  ]) {
    globalThis.localStorage = store;
    record(number, number === "4.4" ? "wrong" : "right", guess("1"));
  }
  globalThis.localStorage = Object.assign(new Store(), mine, theirs, { mode: "dark" });
  assert.deepEqual([load().solved.sort(), load().missed], [["0.2", "4.5"], ["4.4"]]);
  record("4.4", "right", null, true);
  assert.deepEqual(load().missed, []);
  delete globalThis.localStorage;
});

test("what an earlier edition kept in one entry is found, once", () => {
  globalThis.localStorage = new Store();
  const earlier = noted(noted(nothing(), "1.1", "right", guess("1")), "Q1.1", "shown");
  localStorage.setItem("flipped-kernel", JSON.stringify(earlier));
  assert.deepEqual(load(), earlier);
  assert.equal(localStorage.getItem("flipped-kernel"), null);
  record("Q1.1", "right", guess("2"), true);
  assert.deepEqual([load().solved, load().missed], [["1.1", "Q1.1"], []]);
  delete globalThis.localStorage;
});

test("what could not be stored is stored with the next answer that can be", () => {
  globalThis.localStorage = Object.assign(new Store(), { full: "" });
  Object.defineProperty(localStorage, "setItem", { value: () => assert.fail("full"), configurable: true });
  record("5.1", "right", guess("1"));
  delete localStorage.setItem;
  record("5.2", "right", guess("2"));
  globalThis.flippedKernel.unsaved = nothing();
  assert.deepEqual(load().solved.sort(), ["5.1", "5.2"]);
  delete globalThis.localStorage;
});
