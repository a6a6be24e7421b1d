import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, same } from "../../../figures/widgets/src/entry.js";
import { literal } from "../../../figures/widgets/src/literal.js";

test("an answer is read as Python would read it", () => {
  for (const [text, value] of [
    ["12", 12],
    ["−3", -3],
    ["-2 ** 2", -4],
    ["2 ** -1", 0.5],
    ["(1 + 2) * 3 / 2", 4.5],
    ["5/3", 5 / 3],
    ["1, 2", [1, 2]],
    ["(7, [0], [1, 2, 3])", [7, [0], [1, 2, 3]]],
    [
      "[[1, 2], [3, 4],]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["()", []],
    ["{7, 8}", { set: [7, 8] }],
    [
      "{(1, 2), (3, 4)}",
      {
        set: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    [
      "{'w': (4, 3), \"b\": (4,)}",
      {
        dict: [
          ["w", [4, 3]],
          ["b", [4]],
        ],
      },
    ],
    ["(0.5, True)", [0.5, true]],
    ["(361, x)", [361, "x"]],
    ["'two words'", "two words"],
  ])
    assert.deepEqual(literal(text), value, text);
});

test("what cannot be read is no answer", () => {
  for (const text of ["", "(1, 2", "1 2", "[1, 2] + 1", "1 +", "{1: 2, 3}", "$", "1,,2", "lambda x: x", "(1))", "* 2"])
    assert.equal(literal(text), undefined, text);
});

const entry = (right, more = {}) => ({
  right,
  several: false,
  digits: null,
  wrong: [],
  why: "So.",
  form: "it",
  ...more,
});

test("answers are the same in any form", () => {
  assert.ok(same("W_12", "w 12", null));
  assert.ok(same([1, 2], { set: [2, 1] }, null));
  assert.ok(same(true, 1, null));
  assert.ok(same(0.083333, 0.083, 3) && !same(0.0836, 0.083, 3));
  assert.ok(!same({ set: [1, 2] }, [1, 2], null) && !same(1, "1", null) && !same({ set: [1] }, 1, null));
});

test("a verdict names the mistake, or says where an answer differs", () => {
  const words = (asks, text) => judge(asks, text).words;
  assert.equal(words(entry(3), ""), "Nothing is filled in yet.");
  assert.equal(words(entry(3), "(3"), "This cannot be read. Write it.");
  assert.equal(words(entry(3), "3.0"), "Right. So.");
  assert.equal(words(entry("no_flip"), "No flip"), "Right. So.");
  assert.equal(words(entry("no_flip"), "no ("), "Not right yet: this word is wrong.");
  assert.equal(words(entry(3, { wrong: [["you forgot one", 2]] }), "2"), "Not right yet: you forgot one.");
  assert.deepEqual(judge(entry(3), "4"), {
    right: false,
    complete: true,
    words: "Not right yet: this number is too large.",
  });
});
