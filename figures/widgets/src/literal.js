// An answer as a reader types it: Python's numbers, words, tuples, lists, sets and dictionaries.

/** @typedef {import("./types").Value} Value */

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|("[^"]*"|'[^']*'|[\p{L}_][\p{L}\p{N}_]*)|(\*\*|[-+*/()[\]{},:]))/uy;
const TRUTHS = /** @type {Record<string, boolean>} */ ({ true: true, false: false });

/** The tokens of a text: numbers, "words" in quotes, signs; null where something else is in it. @param {string} text */
function tokens(text) {
  const plain = text.replace(/[−–]/g, "-").replace(/[·×]/g, "*").replace(/[“”]/g, '"').trimEnd();
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < plain.length) {
    const token = TOKEN.exec(plain);
    if (!token) return null;
    const [, number, word, sign] = token;
    found.push(number ? Number(number) : sign || `"${word.replace(/^["']|["']$/g, "")}`);
  }
  return found;
}

const OPERATIONS = /** @type {Record<string, (a: number, b: number) => number>} */ ({
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "**": (a, b) => a ** b,
});

/** The value of a text, or undefined where it cannot be read. @param {string} text @returns {Value | undefined} */
export function literal(text) {
  const all = tokens(text);
  if (!all?.length) return undefined;
  let at = 0;
  const next = () => all[at];
  const fail = () => {
    throw new SyntaxError(text);
  };
  /** @param {string} sign */
  const take = (sign) => (next() === sign ? all[at++] : fail());
  /** @param {Value} value @returns {number} */
  const number = (value) => (typeof value === "number" ? value : fail());
  /** Values up to a closing sign; whether a comma was among them. @param {string} close @returns {[Value[], boolean]} */
  const list = (close) => {
    const values = [];
    let comma = false;
    while (next() !== close && at < all.length) {
      values.push(sum());
      if (next() !== ",") break;
      comma = true;
      at++;
    }
    if (close) take(close);
    return [values, comma];
  };
  /** @returns {Value} */
  const braces = () => {
    const pairs = /** @type {[Value, Value][]} */ ([]);
    const members = [];
    while (next() !== "}") {
      const value = sum();
      if (next() === ":") at++, pairs.push([value, sum()]);
      else members.push(value);
      if (next() !== "}") take(",");
    }
    take("}");
    if (pairs.length && members.length) fail();
    return pairs.length ? { dict: pairs } : { set: members };
  };
  /** @returns {Value} */
  const atom = () => {
    const token = all[at++];
    if (typeof token === "number") return token;
    if (token === "[") return list("]")[0];
    if (token === "{") return braces();
    if (token === "(") {
      const [values, comma] = list(")");
      return values.length === 1 && !comma ? values[0] : values;
    }
    if (typeof token !== "string" || token[0] !== '"') return fail();
    return TRUTHS[token.slice(1).toLowerCase()] ?? token.slice(1);
  };
  /** @returns {Value} */
  const power = () => {
    const value = atom();
    if (next() !== "**") return value;
    at++;
    return number(value) ** number(signed());
  };
  /** @returns {Value} */
  const signed = () => {
    if (next() !== "-" && next() !== "+") return power();
    return (all[at++] === "-" ? -1 : 1) * number(signed());
  };
  /** @param {string} signs @param {() => Value} part @returns {() => Value} */
  const chain = (signs, part) => () => {
    let value = part();
    while (at < all.length && signs.includes(String(next())) && typeof next() === "string")
      value = OPERATIONS[/** @type {string} */ (all[at++])](number(value), number(part()));
    return value;
  };
  const sum = chain("+-", chain("*/", signed));
  try {
    const [values, comma] = list("");
    if (at < all.length || !values.length) return undefined;
    return values.length === 1 && !comma ? values[0] : values;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
