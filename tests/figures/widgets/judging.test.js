import assert from "node:assert/strict";
import { test } from "node:test";
import { fields, isRight, read, verdict } from "../../../figures/widgets/src/judging.js";

const QUESTION = {
  blanks: [{ name: "dx", labels: [["dx[0]", "dx[1]", "dx[2]"]], answers: [[20, 42, -74.5]] }],
  options: [],
  answer: "",
  wrong: [{ name: "the kernel was not flipped", answers: { dx: [[2, 24, -47]] }, answer: "" }],
  hint: "Two paths reach x[1].",
  why: "So.",
  tolerance: 1e-6,
};
const CHOICE = { ...QUESTION, blanks: [], options: ["dw", "dx"], answer: "dx", hint: "", wrong: [] };
const said = (question, texts, chosen = "") => verdict(question, { texts, chosen }).words;

test("numbers are read as readers type them", () => {
  for (const [text, value] of [
    ["12", 12],
    ["−0,5", -0.5],
    [" 5/3 ", 5 / 3],
    ["1e-3", 0.001],
  ])
    assert.equal(read(text), value);
  for (const text of ["", "a", "1/2/3", "1/", "/2"]) assert.ok(Number.isNaN(read(text)), text);
});

test("fields come in the order of the page", () => {
  assert.deepEqual(
    fields(QUESTION).map(({ label }) => label),
    ["dx[0]", "dx[1]", "dx[2]"],
  );
  assert.equal(isRight(QUESTION, fields(QUESTION)[0], " "), null);
});

test("a verdict says which are right, and names the mistake", () => {
  assert.equal(said(QUESTION, ["", "", ""]), "Nothing is filled in yet.");
  assert.equal(said(QUESTION, ["20"]), "1 of 3 filled in, all right so far.");
  assert.equal(said(QUESTION, ["20", "24", "-149/2"]), "2 of 3 right; wrong: dx[1]. Hint: Two paths reach x[1].");
  assert.match(said(QUESTION, ["2", "24", "−47"]), /\(the kernel was not flipped\)\./);
  assert.match(said(QUESTION, ["2", "", ""]), /\(the kernel was not flipped\)\./);
  assert.equal(said(QUESTION, ["20", "42", "-74,5"]), "All 3 right. So.");
  assert.match(said(QUESTION, ["20", "42.042", "-74.5"]), /wrong: dx\[1\]\./);
  assert.deepEqual(
    ["20", "21"].map((text) => verdict(QUESTION, { texts: [text, "1", "1"], chosen: "" }).complete),
    [true, true],
  );
});

test("nothing wrong goes without words", () => {
  const one = { ...QUESTION, hint: "", blanks: [{ name: "L", labels: [["L"]], answers: [[403]] }], wrong: [] };
  assert.equal(said(one, ["500"]), "Not right. This number is too large.");
  assert.equal(said(one, ["5"]), "Not right. This number is too small.");
  assert.match(said(one, ["L"]), /This is not a number: write it like 12/);
  assert.equal(said(CHOICE, [], "dw"), "Not right. Look again at what is asked, and try another answer.");
  assert.equal(said(CHOICE, [], "dx"), "Right. So.");
});

test("a choice beside numbers counts as one of them", () => {
  const both = { ...QUESTION, options: ["dw", "dx"], answer: "dx" };
  assert.equal(said(both, ["20", "42", "-74.5"]), "3 of 4 filled in, all right so far.");
  assert.match(said(both, ["20", "42", "-74.5"], "dw"), /3 of 4 right; wrong: the choice\./);
  assert.equal(said(both, ["20", "42", "-74.5"], "dx"), "All 4 right. So.");
});
