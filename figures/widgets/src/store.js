// Where the site keeps a reader's progress: in this browser, shared by all pages and tabs. Where nothing can be
// stored it lasts as long as the page.

import { merged, noted, nothing, parsed } from "./progress.js";

/** @typedef {import("./types").Progress} Progress */

const KEY = "flipped-kernel";
const CHANGED = "flipped-kernel-progress";
const page = /** @type {any} */ (globalThis);
/** Shared by all scripts of the page. @type {{unsaved: Progress}} */
const memory = (page.flippedKernel ??= { unsaved: nothing() });

/** @returns {Progress} */
export function load() {
  try {
    return merged(parsed(localStorage.getItem(KEY)), memory.unsaved);
  } catch {
    return memory.unsaved;
  }
}

/** @param {string} number @param {import("./types").Outcome} outcome @param {import("./types").Guess | null} guess @param {boolean} again */
export function record(number, outcome, guess, again = false) {
  const next = noted(load(), number, outcome, guess, again);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
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
