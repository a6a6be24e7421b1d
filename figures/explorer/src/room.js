// The room an explorer has, and what follows from it: the size of a cell, where the table stands.

import { ends } from "./edges.js";
import { extent } from "./grids.js";
import { arranged } from "./layout.js";
import { MATRICES } from "./names.js";
import { layerIn } from "./sums.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

const SIDE_GAP = 26;
const FOOT = 62; // undo, copy and the gaps between all of them
const FRAMES = 30; // what the bars' edges need when they stand still and the foot is below the window
const TITLE = 4; // left of a title
const FOLDED = 300; // a table whose sums stand on lines of their own
const LOW = 480; // in such a window only the sum stays in sight
const SHARE = 0.26; // of a phone's window for the walk and the views: they fold into lines, or slide
/** What may scroll within an explorer. */
const SCROLLS = ["controls", "view", "said", "scroll", "plane", "lattice-box"]
  .map((name) => `.explorer-${name}`)
  .join();
/** Lines of the sum's place, and of one with the formulas above the sum. */
const LINES = { low: [3, 3], phone: [5, 9], wide: [4, 6] };

/** Rows and columns of all grids, ghosts included, and the width of their titles. @param {Explorer} explorer */
function grids(explorer) {
  const { state, given, root } = explorer;
  const layer = layerIn(state, given);
  const stacked = given.show.includes("dw");
  return given.show
    .filter((name) => name !== "table" && name !== "lattice" && !(name === "db" && stacked))
    .map((name) => {
      const title = root.querySelector(`.explorer-${name} > .explorer-title`)?.offsetWidth + TITLE;
      if (name === "db") return { rows: 1, columns: layer.filters[0] ?? 1, title };
      if (MATRICES[name])
        return { rows: layer.lines.out.length, columns: layer.lines[MATRICES[name][0]].length, title };
      const planes = layer.shapes[name === "x" || name === "dx" ? "inp" : /w/.test(name) ? "tap" : "out"]
        .slice(0, -given.nd)
        .reduce((a, b) => a * b, 1);
      const columns = extent(explorer, name, given.nd - 1).length;
      const across = Math.min(planes, 2); // planes of channels stand in pairs
      return {
        rows: (given.nd > 1 ? extent(explorer, name, 0).length : 1) * Math.ceil(planes / across),
        columns: columns * across,
        title,
      };
    });
}

/** The site's header stays above; what stands below it is free. JupyterLab has a frame of its own.
 * @param {Explorer} explorer @returns {[number, number]} the header's height, and the room below it */
function free({ root }) {
  const notebook = root.closest(".jp-WindowedPanel-outer, .jp-Notebook");
  if (notebook) return [0, notebook.clientHeight];
  const bars = [...document.querySelectorAll(".bd-header, .bd-header-article")];
  const sticky = bars.filter((bar) => /sticky|fixed/.test(getComputedStyle(bar).position));
  const zoom = root.getBoundingClientRect().width / root.offsetWidth || 1; // projected: its pixels are larger ones
  const header = Math.max(0, ...sticky.map((bar) => bar.getBoundingClientRect().height));
  return [header / zoom, (innerHeight - header) / zoom];
}

/** The table: whole where there is room for it, else cut between two lines; and what its place must have at least.
 * @param {Explorer} explorer @param {number} high the window's height */
function cut({ root, table, lattice, panels, controls, dock, view }, high) {
  if (!table) return;
  const beside = panels.classList.contains("explorer-wide");
  const free = high - controls.offsetHeight - view.element.offsetHeight;
  const room = free - (beside ? FOOT + (lattice ? lattice.element.offsetHeight + 14 : 0) : dock.offsetHeight + FOOT);
  const title = table.scroll.offsetTop - table.element.offsetTop;
  const { all } = table.high(0);
  root.style.setProperty("--least", `${all + title > room ? 168 : all + title + 2}px`);
  const still = high - controls.offsetHeight - view.element.offsetHeight - 44; // if it stands still while the grids move
  const place = beside
    ? Math.min(table.element.offsetHeight - title, still)
    : all <= room
      ? room
      : Math.max(200, room * 0.5);
  const { whole } = table.high(place);
  table.scroll.classList.toggle("explorer-cut", whole < all);
  root.style.setProperty("--table", `${whole}px`);
}

/** What stands still while the page scrolls below and above it. No cell changes its size by this.
 * @param {Explorer} explorer */
export function stand(explorer) {
  const { root, controls, dock, view } = explorer;
  const [header, high] = free(explorer);
  cut(explorer, high);
  const heights = { top: header, high, above: controls.offsetHeight + 8, view: view.element.offsetHeight };
  for (const [name, height] of Object.entries({ ...heights, dock: dock.offsetHeight }))
    root.style.setProperty(`--${name}`, `${height}px`);
  root.classList.toggle("explorer-tall", root.scrollHeight > high + 4); // it may have no height yet
  for (const box of root.querySelectorAll(SCROLLS)) ends(box);
}

/** Measure once, then set the stylesheet's variables. @param {Explorer} explorer */
export function settle(explorer) {
  const { root, panels, side, controls, dock, view, saying } = explorer;
  const width = root.clientWidth;
  if (!width) return;
  const phone = width < 520;
  const [header, high] = free(explorer);
  const low = header + high <= LOW;
  root.classList.toggle("explorer-low", low);
  root.classList.toggle("explorer-brief", phone || low);
  root.classList.remove("explorer-folded", "explorer-slides");
  root.classList.toggle("explorer-slides", phone && !low && view.element.offsetHeight > SHARE * high);
  const widths = [...side.children].map((one) => /** @type {HTMLElement} */ (one).offsetWidth);
  const least = [explorer.lattice?.element.offsetWidth ?? 0, explorer.table ? FOLDED : 0];
  const need = (/** @type {number[]} */ all) => (widths.length ? Math.min(Math.max(...all), 460) + SIDE_GAP : 0);
  const needs = { table: need(widths), folded: need(least) };
  const lines = LINES[low ? "low" : phone ? "phone" : "wide"][Number(explorer.state.symbols)];
  const place = (/** @type {number} */ wide) =>
    root.style.setProperty("--said", `${saying.needs(explorer, wide, lines, low || explorer.state.symbols)}px`);
  const guessed = width - (phone ? 0 : needs.table);
  place(guessed);
  const around = controls.offsetHeight + dock.offsetHeight + view.element.offsetHeight + FOOT;
  const room = Math.min(high, 1000) - around;
  const sizes = phone ? [42, 40, 38, 36, 34, 32, 30, 28] : undefined;
  const { cell, beside, folded } = arranged(grids(explorer), width, { room, spare: FOOT - FRAMES }, needs, sizes);
  root.classList.toggle("explorer-folded", folded || phone);
  panels.classList.toggle("explorer-wide", beside);
  root.style.setProperty("--cell", `${cell}px`);
  root.style.setProperty("--line", `${Math.min(cell, 40)}px`);
  root.style.setProperty("--room", `${Math.max(200, Math.round(beside ? room + around - 70 : room * 0.5))}px`);
  const wide = width - (beside ? (folded ? needs.folded : needs.table) : 0);
  if (wide !== guessed) place(wide);
}
