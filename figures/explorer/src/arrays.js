// Arrays as nested lists, cells by their names ("dx[1,1]"), numbers as they are written.

/** @typedef {import("./types").Nested} Nested */

const NUMBER = /^[-+−]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?$/i;

/** @param {string} name @param {number[]} at */
export const keyOf = (name, at) => (at.length ? `${name}[${at.join(",")}]` : name);

/** @param {string} key */
export const nameOf = (key) => key.split("[")[0];

/** @param {string} key @returns {number[]} */
export const indexOf = (key) =>
  key.includes("[")
    ? key
        .slice(key.indexOf("[") + 1, -1)
        .split(",")
        .map(Number)
    : [];

/** @param {Nested} array @param {number[]} at @returns {number} */
export const entry = (array, at) => /** @type {number} */ (at.reduce((/** @type {any} */ part, n) => part[n], array));

/** @param {Nested} array @returns {number[]} */
export const shapeOf = (array) => (Array.isArray(array) ? [array.length, ...shapeOf(array[0])] : []);

/** Every index of a shape, in C order. @param {number[]} shape @returns {number[][]} */
export const cellsOf = (shape) =>
  shape.reduce(
    (/** @type {number[][]} */ all, n) => all.flatMap((at) => Array.from({ length: n }, (_, k) => [...at, k])),
    [[]],
  );

/** The first corner of an array. @param {Nested} array @param {number[]} shape @returns {Nested} */
export const cropped = (array, [n, ...rest]) =>
  n === undefined || !Array.isArray(array) ? array : array.slice(0, n).map((part) => cropped(part, rest));

/** A copy of the ground with the array in its first corner; where it is larger, the array goes on.
 * @param {Nested | undefined} ground @param {Nested} array @returns {Nested} */
export function laidInto(ground, array) {
  if (!Array.isArray(array)) return array;
  const under = Array.isArray(ground) ? ground : [];
  const length = Math.max(under.length, array.length);
  return Array.from({ length }, (_, k) => (k < array.length ? laidInto(under[k], array[k]) : under[k]));
}

/** A copy with one cell changed. @param {Nested} array @param {number[]} at @param {number} value @returns {Nested} */
export const changed = (array, [n, ...rest], value) =>
  n === undefined || !Array.isArray(array)
    ? value
    : array.map((part, k) => (k === n ? changed(part, rest, value) : part));

/** @param {Nested} array @param {number[]} at */
export const holds = (array, at) => {
  const shape = shapeOf(array);
  return at.length === shape.length && at.every((n, k) => Number.isInteger(n) && n >= 0 && n < shape[k]);
};

/** Which index comes first. @param {number[]} a @param {number[]} b */
export function compare(a, b) {
  const k = a.findIndex((n, j) => n !== b[j]);
  return k < 0 ? 0 : a[k] - b[k];
}

/** Five digits, or all before the point, with a true minus. @param {number} n */
export const written = (n) =>
  String(Number(n.toPrecision(Math.max(5, Math.trunc(n).toString().length)))).replace(/-/g, "−");

/** A number as a factor: a negative one in brackets. @param {number} n */
export const factor = (n) => (n < 0 ? `(${written(n)})` : written(n));

/** NaN for what is no number. @param {string} text */
export const read = (text) => (NUMBER.test(text) ? Number(text.replace(",", ".").replace("−", "-")) : Number.NaN);

/** @param {number} a @param {number} b */
export const close = (a, b) => Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b));
