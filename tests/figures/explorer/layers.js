// A layer as Python sends it, and the explorer's state on it.

import { readFileSync } from "node:fs";
import { opening, reduce } from "../../../figures/explorer/src/state.js";

const all = JSON.parse(readFileSync(new URL("given.json", import.meta.url), "utf8"));

/** {given, state, after(...actions), traits} of one of the layers: line, plane, groups. */
export function layer(name, changes = {}) {
  const traits = { ...structuredClone(all[name]), ...changes };
  const get = (trait) => traits[trait];
  const given = { ...traits, nd: traits.axes.length, mostRows: traits.most_rows, mostValue: traits.most_value };
  given.start = opening(get, given);
  const after = (...actions) =>
    actions.reduce((state, action) => {
      const next = reduce(state, action, given);
      if (typeof next === "string") throw new Error(next);
      return next;
    }, given.start);
  return { given, state: given.start, after, traits, get };
}
