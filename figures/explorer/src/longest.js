// The longest that an explorer may have to say: what the place of its sum is made for.

import { nameOf } from "./arrays.js";
import { closed, layerIn, rowsOf } from "./sums.js";
import { idle, words } from "./words.js";

/** @typedef {import("./types").Given} Given */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Words} Words */

const TIES = 24; // cells of a grid with as many products: their numbers may be longer or shorter

const MOST = 5; // texts that are measured
const size = (/** @type {Words} */ [symbols, numbers]) => symbols.length + numbers.length;

/** The longest first: of each grid the words of the cell with the most products, as if none were closed; and those
 * without a sum.
 * @param {string[]} keys @param {State} state @param {Given} given @returns {Words[]} */
export function longest(keys, state, given) {
  /** @type {Map<string, {count: number, keys: string[]}>} */
  const grids = new Map();
  for (const key of keys) {
    if (/^(row|lattice)/.test(key) && grids.has(nameOf(key))) continue; // as long as the first
    const count = rowsOf(key, state, given).length;
    const best = grids.get(nameOf(key));
    if (!best || count > best.count) grids.set(nameOf(key), { count, keys: [key] });
    else if (count === best.count && best.keys.length < TIES) best.keys.push(key);
  }
  const open = { ...state, challenge: "", opened: keys };
  const texts = [...grids].map(([name, { keys }]) => {
    const [symbols, numbers] = keys
      .map((key) => words(key, open, given))
      .reduce((best, one) => (size(one) > size(best) ? one : best));
    const { length } = layerIn(state, given).rows;
    return /** @type {Words} */ ([name === "row" ? `Product ${length} of ${length}: ${symbols}` : symbols, numbers]);
  });
  const shut = keys.find((key) => closed(key, state, given));
  /** @type {Words[]} */
  const all = [...texts, ...(shut ? [words(shut, state, given)] : []), ["", idle({ ...state, step: null })]];
  return all.sort((a, b) => size(b) - size(a)).slice(0, MOST);
}
