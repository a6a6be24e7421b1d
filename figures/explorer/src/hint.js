// A cell to begin with, marked until the reader has pointed at one.

import { nameOf } from "./arrays.js";

/** @typedef {import("./explorer.js").Explorer} Explorer */

/** @param {Explorer} explorer */
export function hint({ cells, given, state }) {
  if (document.documentElement.dataset.explorerUsed) return;
  const name = ["dx", "dw", "y"].find((grid) => given.show.includes(grid));
  const all = [...cells].filter(([key, td]) => nameOf(key) === name && td.dataset.key && key !== state.pinned);
  const td = all[Math.floor(all.length / 2)]?.[1];
  td?.classList.add("explorer-hint");
  td?.closest(".explorer-panel").classList.add("explorer-hinted");
}

/** @param {Explorer} explorer */
export function hinted({ root }) {
  document.documentElement.dataset.explorerUsed = "true";
  for (const one of root.querySelectorAll(".explorer-hint, .explorer-hinted"))
    one.classList.remove("explorer-hint", "explorer-hinted");
}
