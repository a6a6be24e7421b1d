// Where the site keeps a reader's progress: in this browser, shared by all pages and tabs. Each answer has an entry of
// its own: a tab that has not heard yet what another one wrote then writes over nothing. Where nothing can be stored,
// the progress lasts as long as the page.

import { collected, known, markOf, merged, noted, nothing, parsed } from "./progress.js";

/** @typedef {import("./types").Progress} Progress */

const KEY = "flipped-kernel";
const CHANGED = "flipped-kernel-progress";
const page = /** @type {any} */ (globalThis);
/** Shared by all scripts of the page. @type {{unsaved: Progress}} */
const memory = (page.flippedKernel ??= { unsaved: nothing() });

/** @param {Progress} progress @param {string} number */
const keep = (progress, number) => localStorage.setItem(`${KEY}:${number}`, JSON.stringify(markOf(progress, number)));

/** An earlier edition kept everything in one entry: give each of its answers one. */
function divide() {
  const whole = localStorage.getItem(KEY);
  if (whole === null) return;
  const progress = parsed(whole);
  for (const number of known(progress)) keep(progress, number);
  localStorage.removeItem(KEY);
}

/** @returns {Progress} */
export function load() {
  try {
    divide();
    const numbers = Object.keys(localStorage).flatMap((key) =>
      key.startsWith(`${KEY}:`) ? [key.slice(KEY.length + 1)] : [],
    );
    const kept = collected(numbers.map((number) => [number, localStorage.getItem(`${KEY}:${number}`)]));
    return merged(kept, memory.unsaved);
  } catch {
    return memory.unsaved;
  }
}

/** @param {string} number @param {import("./types").Outcome} outcome @param {import("./types").Guess | null} guess @param {boolean} again */
export function record(number, outcome, guess, again = false) {
  const next = noted(load(), number, outcome, guess, again);
  try {
    for (const one of new Set([number, ...known(memory.unsaved)])) keep(next, one);
    memory.unsaved = nothing();
  } catch {
    memory.unsaved = next;
  }
  dispatchEvent(new Event(CHANGED));
}

/** Call `act` whenever this tab or another one has noted something. @param {() => void} act */
export function listen(act) {
  addEventListener(CHANGED, act);
  addEventListener("storage", act);
  return () => {
    removeEventListener(CHANGED, act);
    removeEventListener("storage", act);
  };
}
