// How large a cell may be: grids as large as the room allows, one size for all of them.

/** @typedef {{rows: number, columns: number, wide?: number, high?: number}} Grid */

export const SIZES = [46, 44, 42, 40, 38, 36, 34, 32, 30, 28, 26];
const GAP = { x: 22, y: 14 }; // between two grids
const HEAD = { x: 26, y: 46 }; // a title, and the indices beside and above the cells

/** How high the grids stand if they are set in lines like words; a million where one is too wide.
 * @param {Grid[]} grids @param {number} cell @param {number} width */
export function height(grids, cell, width) {
  let [total, line, x] = [0, 0, 0];
  for (const { rows, columns } of grids) {
    const wide = Math.max(columns * (cell + 2) + HEAD.x, 118);
    const high = rows * (Math.min(cell, 40) + 2) + HEAD.y;
    if (wide > width) return 1e6; // it scrolls
    if (x && x + wide > width) {
      total += line + GAP.y;
      [line, x] = [0, 0];
    }
    x += wide + GAP.x;
    line = Math.max(line, high);
  }
  return total + line;
}

/** The largest cell with which all grids stand in this room; where none does, the one that needs least.
 * @param {Grid[]} grids @param {number} width @param {number} room @param {number[]} sizes */
export function cellSize(grids, width, room, sizes = SIZES) {
  const fits = sizes.find((cell) => height(grids, cell, width) <= room);
  if (fits) return fits;
  return sizes.reduce((best, cell) => (height(grids, cell, width) < 0.9 * height(grids, best, width) ? cell : best));
}
