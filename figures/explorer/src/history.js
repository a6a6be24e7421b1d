// Undo and redo. Pointing, choosing and stepping are looking, not changing: they leave no trace.

/** @typedef {import("./types").State} State */

export const LOOKING = new Set(["point", "pin", "selected", "step", "notice", "python"]);

/** What is undone: all but where the reader looks. @param {State} state */
const lasting = ({ axes, reserve, by, unit, base, opened, heat, symbols, axis, challenge }) =>
  JSON.stringify([axes, reserve.x, reserve.w, reserve.dy, by, unit, base, opened, heat, symbols, axis, challenge]);

/** @param {State} a @param {State} b */
export const same = (a, b) => lasting(a) === lasting(b);

/** @typedef {{past: State[], now: State, future: State[]}} History */

/** @param {State} state @returns {History} */
export const begin = (state) => ({ past: [], now: state, future: [] });

/** A change that lasts: what was before can come back. @param {History} history @param {State} next @returns {History} */
export const commit = ({ past, now, future }, next) =>
  same(now, next) ? { past, now: next, future } : { past: [...past.slice(-99), now], now: next, future: [] };

/** @param {History} history @returns {History} */
export const undo = ({ past, now, future }) =>
  past.length
    ? { past: past.slice(0, -1), now: past[past.length - 1], future: [now, ...future] }
    : { past, now, future };

/** @param {History} history @returns {History} */
export const redo = ({ past, now, future }) =>
  future.length ? { past: [...past, now], now: future[0], future: future.slice(1) } : { past, now, future };
