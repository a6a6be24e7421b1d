// How large a cell may be: grids as large as the room allows, one size for all of them.

/** @typedef {{rows: number, columns: number, title?: number}} Grid */

export const SIZES = [46, 44, 42, 40, 38, 36, 34, 32, 30, 28, 26];
const LEAST_WIDTH = 300; // of the grids beside a table
const LEAST_CELL = 28; // beside a table; below it there is more room
const GAP = { x: 22, y: 14 }; // between two grids
const HEAD = { x: 26, y: 46 }; // a title, and the indices beside and above the cells

/** How high the grids stand if they are set in lines like words; a million where one is too wide.
 * @param {Grid[]} grids @param {number} cell @param {number} width */
export function height(grids, cell, width) {
  let [total, line, x] = [0, 0, 0];
  for (const { rows, columns, title = 0 } of grids) {
    const wide = Math.max(columns * (cell + 2) + HEAD.x, title, 118);
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

/** How grids and table stand: the first way in which the table is beside the grids and all of it fits.
 * A folded table needs less width; what is spare (undo, copy) may stand below the window's edge.
 * @param {Grid[]} grids @param {number} width @param {{room: number, spare: number}} heights
 * @param {{table: number, folded: number}} needs of what stands beside, 0 for nothing @param {number[]} [sizes] */
export function arranged(grids, width, { room, spare }, needs, sizes) {
  const wide = cellSize(grids, width, needs.table ? room * 0.6 : room, sizes);
  const below = { cell: wide, beside: false, folded: false };
  for (const [free, folded] of /** @type {[number, boolean][]} */ ([
    [room, false],
    [room, true],
    [room + spare, false],
    [room + spare, true],
  ])) {
    const left = width - (folded ? needs.folded : needs.table);
    const cell = cellSize(grids, left, free, sizes);
    const fits = left > LEAST_WIDTH && cell >= LEAST_CELL && height(grids, cell, left) <= free;
    if (needs.table && fits) return { cell, beside: true, folded };
  }
  const cell = needs.table ? cellSize(grids, width - needs.table, room, sizes) : 0;
  const large = width - needs.table > LEAST_WIDTH && cell >= Math.min(wide, 34);
  return needs.table && large ? { cell, beside: true, folded: false } : below;
}

/** The largest cell with which all grids stand in this room; where none does, the one that needs least.
 * @param {Grid[]} grids @param {number} width @param {number} room @param {number[]} sizes */
export function cellSize(grids, width, room, sizes = SIZES) {
  const fits = sizes.find((cell) => height(grids, cell, width) <= room);
  if (fits) return fits;
  return sizes.reduce((best, cell) => (height(grids, cell, width) < 0.9 * height(grids, best, width) ? cell : best));
}
