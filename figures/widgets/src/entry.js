// The verdict on an exercise that is answered in one line. Pure, and word for word what course.exercises says of
// the same answer in a notebook: a test compares them.

import { literal } from "./literal.js";

/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Value} Value */
/** @typedef {import("./types").Verdict} Verdict */

const CLOSE = 1e-9; // relative, for answers that went through floating point

/** @param {Value} value @returns {value is {set: Value[]}} */
const isSet = (value) => typeof value === "object" && "set" in value;
/** @param {Value} value @returns {value is {dict: [Value, Value][]}} */
const isDict = (value) => typeof value === "object" && "dict" in value;
/** @param {Value} value @returns {value is number | boolean} */
const isNumber = (value) => typeof value === "number" || typeof value === "boolean";

/** @param {string} text */
const word = (text) => text.toLowerCase().replaceAll("_", " ").split(/\s+/).filter(Boolean).join(" ");

/** A member of a set as a text that equal members share. @param {Value} value @returns {string} */
const key = (value) =>
  Array.isArray(value) ? `(${value.map(key)})` : isNumber(value) ? String(Number(value)) : JSON.stringify(value);

/** The members of a set or a sequence; null for anything else, and where a member is a set itself.
 * @param {Value} value @returns {Set<string> | null} */
function asSet(value) {
  const list = Array.isArray(value) ? value : isSet(value) ? value.set : null;
  return list?.every((one) => !isSet(one) && !isDict(one)) ? new Set(list.map(key)) : null;
}

/** @param {number | boolean} answer @param {number | boolean} right @param {number | null} digits */
function near(answer, right, digits) {
  const room = digits === null ? CLOSE * (1 + Math.abs(Number(right))) : 0.51 * 10 ** -digits;
  return Math.abs(Number(answer) - Number(right)) <= room;
}

/** Whether two answers are equivalent. @param {Value} answer @param {Value} right @param {number | null} digits @returns {boolean} */
export function same(answer, right, digits) {
  if (typeof answer === "string" || typeof right === "string")
    return typeof answer === "string" && typeof right === "string" && word(answer) === word(right);
  if (isSet(right)) {
    const [given, wanted] = [asSet(answer), asSet(right)];
    return !!given && !!wanted && given.size === wanted.size && [...given].every((one) => wanted.has(one));
  }
  if (isDict(right)) {
    if (!isDict(answer)) return false;
    const given = new Map(answer.dict.map(([name, value]) => [key(name), value]));
    return (
      given.size === right.dict.length &&
      right.dict.every(([name, value]) => {
        const mine = given.get(key(name));
        return mine !== undefined && same(mine, value, digits);
      })
    );
  }
  if (Array.isArray(answer))
    return (
      Array.isArray(right) && answer.length === right.length && answer.every((one, n) => same(one, right[n], digits))
    );
  return isNumber(answer) && isNumber(right) && near(answer, right, digits);
}

/** @param {number[]} sizes */
const tuple = (sizes) => `(${sizes.join(", ")}${sizes.length === 1 ? "," : ""})`;

/** The shape of nested lists, read along their first entries; null where rows have several lengths.
 * @param {Value} value @returns {number[] | null} */
function shape(value) {
  if (!Array.isArray(value)) return isNumber(value) ? [] : null;
  const lengths = new Set(value.map((part) => (Array.isArray(part) ? part.length : -1)));
  const inner = value.length ? shape(value[0]) : [];
  return lengths.size > 1 || !inner ? null : [value.length, ...inner];
}

/** @param {Value} value @param {number[]} sizes @returns {[number[], Value][]} */
const cells = (value, sizes) =>
  sizes.length && Array.isArray(value)
    ? value.flatMap((part, n) =>
        cells(part, sizes.slice(1)).map(([at, one]) => /** @type {[number[], Value]} */ ([[n, ...at], one])),
      )
    : [[[], value]];

/** @param {Set<string>} given @param {Set<string>} right */
function members(given, right) {
  const extra = [...given].filter((one) => !right.has(one)).length;
  const missing = [...right].filter((one) => !given.has(one)).length;
  const parts = [];
  if (extra) parts.push(`${extra} of your ${given.size} members ${extra === 1 ? "is" : "are"} wrong`);
  if (missing) parts.push(`${missing} ${missing === 1 ? "is" : "are"} missing`);
  return parts.join(" and ");
}

/** @param {Value} name */
const quoted = (name) => (typeof name === "string" ? `'${name}'` : String(name));

/** @param {Value} answer @param {[Value, Value][]} right @param {number | null} digits */
function keys(answer, right, digits) {
  const names = right.map(([name]) => quoted(name)).join(", ");
  if (!isDict(answer)) return `give a dictionary with the keys ${names}`;
  const given = new Map(answer.dict.map(([name, value]) => [key(name), value]));
  const unknown = answer.dict.find(([name]) => !right.some(([one]) => key(one) === key(name)));
  if (unknown) return `${quoted(unknown[0])} is no key of the answer; they are ${names}`;
  const off = right.filter(([name, value]) => {
    const mine = given.get(key(name));
    return mine === undefined || !same(mine, value, digits);
  });
  const wrong = off.map(([name]) => quoted(name)).join(", ");
  return off.length === 1 ? `the entry for ${wrong} is wrong` : `the entries for ${wrong} are wrong`;
}

/** Which parts of an answer are wrong. @param {Value} answer @param {Value[]} right @param {number | null} digits */
function parts(answer, right, digits) {
  if (!Array.isArray(answer) || answer.length !== right.length) return `give ${right.length} parts`;
  const off = right.flatMap((one, n) => (same(answer[n], one, digits) ? [] : [n + 1]));
  if (off.length === 1) return `part ${off[0]} of your answer is wrong, the rest is right`;
  return `parts ${off.slice(0, -1).join(", ")} and ${off.at(-1)} of your answer are wrong`;
}

/** Where two answers part, without telling what is right. @param {Value} answer @param {Entry} entry @param {string} text */
function difference(answer, { right, several, digits }, text) {
  const [cut, stranger] = [text.length > 60 ? `${text.slice(0, 57)}...` : text, "cannot be compared with"];
  if (isDict(right)) return keys(answer, right.dict, digits);
  if (isSet(right)) {
    const [given, wanted] = [asSet(answer), asSet(right)];
    return given && wanted ? members(given, wanted) : `${cut} ${stranger} a set`;
  }
  if (typeof right === "string") return typeof answer === "string" ? "this word is wrong" : "the answer is a word";
  if (several && Array.isArray(right)) return parts(answer, right, digits);
  const [given, wanted] = [shape(answer), shape(right) ?? []];
  if (!given)
    return `${cut} ${stranger} ${wanted.length ? `an array of shape ${tuple(wanted)}` : "a number or an expression"}`;
  if (String(given) !== String(wanted)) return `the shape is ${tuple(given)}, and should be ${tuple(wanted)}`;
  if (!wanted.length) {
    if (typeof right === "boolean") return "this is wrong";
    return Number(answer) > Number(right) ? "this number is too large" : "this number is too small";
  }
  const theirs = cells(right, wanted);
  const off = cells(answer, wanted).filter(([, one], n) => !same(one, theirs[n][1], digits));
  return `${off.length} of ${theirs.length} entries differ, the first at [${off[0][0].join(", ")}]`;
}

/** @param {Entry} entry @param {string} text @returns {Verdict} */
export function judge(entry, text) {
  if (!text.trim()) return { right: false, complete: false, words: "Nothing is filled in yet." };
  // a word may be several, without quotes
  const answer = literal(text) ?? (typeof entry.right === "string" ? text : undefined);
  if (answer === undefined)
    return { right: false, complete: false, words: `This cannot be read. Write ${entry.form}.` };
  if (same(answer, entry.right, entry.digits))
    return { right: true, complete: true, words: `Right. ${entry.why}`.trim() };
  const named = entry.wrong.find(([, value]) => same(answer, value, entry.digits));
  const words = named ? named[0] : difference(answer, entry, text.trim());
  return { right: false, complete: true, words: `Not right yet: ${words}.` };
}
