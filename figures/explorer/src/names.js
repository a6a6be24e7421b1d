// The words that Python, the page and the address agree on.

/** @typedef {import("./types").Column} Column */

export const OPTIONS = ["size", "kernel", "stride", "padding", "dilation", "mirrored"];

/** Which column of the table a grid's cells stand in. @type {Record<string, Column>} */
export const COLUMN = { y: "out", dy: "out", w: "tap", dw: "tap", x: "inp", dx: "inp" };

/** What the groups of a column add up to, and the two factors of each product with their columns.
 * @type {Record<Column, {name: string, factors: [string, Column][], word: string}>} */
export const SUMS = {
  out: {
    name: "y",
    factors: [
      ["x", "inp"],
      ["w", "tap"],
    ],
    word: "output",
  },
  tap: {
    name: "dw",
    factors: [
      ["dy", "out"],
      ["x", "inp"],
    ],
    word: "tap",
  },
  inp: {
    name: "dx",
    factors: [
      ["dy", "out"],
      ["w", "tap"],
    ],
    word: "input",
  },
};

/** @type {Column[]} */
export const COLUMNS = ["out", "tap", "inp"];

/** Column, the entries' array, the entries' column. @type {Record<string, [Column, string, Column]>} */
export const MATRICES = { M_x: ["tap", "x", "inp"], M_w: ["inp", "w", "tap"] };

export const TITLES = {
  x: "input",
  w: "kernel",
  y: "output",
  dy: "upstream gradient",
  dx: "input gradient",
  dw: "kernel gradient",
  db: "bias gradient",
  table: "table of products",
  lattice: "lattice of products",
  M_x: "image matrix",
  M_w: "filter matrix",
};

/** Whose index the small numbers show. @type {Record<string, Column>} */
export const THIRD = { out: "tap", tap: "out", inp: "tap" };

export const isCell = (/** @type {string} */ key) => !/^(row|M_|lattice)/.test(key);
