// Where a widget keeps what its reader did: the progress file, by way of Python, or on the site this browser.

import { markOf } from "./progress.js";
import { load, record } from "./store.js";
import { keep, untold } from "./untold.js";

/** @typedef {import("./types").Guess} Guess */
/** @typedef {import("./types").Mark} Mark */
/** @typedef {import("./types").Outcome} Outcome */
/** @typedef {import("./types").Told} Told */

const PATIENCE = 2000; // ms until a kernel that has noted nothing is late

const onSite = () => "showWidgets" in window;

/** `late` hears whether the kernel has not noted yet what it was told. @param {any} model
 * @param {(is: boolean) => void} late */
export function marks(model, late) {
  const number = model.get("number");
  if (onSite())
    return {
      mark: () => markOf(load(), number),
      /** @param {Outcome} outcome @param {Guess | null} guess */
      tell: (outcome, guess) => number && record(number, outcome, guess, model.get("again")),
      end: () => {},
    };
  return toPython(model, number, late);
}

/** @param {any} model @param {string} number @param {(is: boolean) => void} late */
function toPython(model, number, late) {
  const here = { solved: false, shown: false, missed: false, guess: null, ...model.get("mark") };
  let waiting = 0;
  /** @param {Told} told */
  const note = ({ outcome, guess }) => {
    if (outcome === "right") here.solved = true;
    if (outcome === "shown") here.shown = true;
    if (guess) here.guess = guess;
  };
  // all that was not heard goes out each time: ipywidgets sends only the newest value while a kernel is busy
  const send = () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => late(true), PATIENCE);
    try {
      model.set("told", untold(number));
      model.save_changes();
    } catch {
      // there is no kernel
    }
  };
  const heard = () => {
    const names = model.get("heard");
    const left = untold(number).filter((told) => !names.includes(told.name));
    keep(number, left);
    if (left.length) return;
    clearTimeout(waiting);
    late(false);
  };
  model.on("change:heard", heard);
  heard(); // a page that is loaded again may have missed it
  for (const told of untold(number)) note(told);
  if (number && untold(number).length) send();
  return {
    mark: () => /** @type {Mark} */ (here),
    /** @param {Outcome} outcome @param {Guess | null} guess */
    tell: (outcome, guess) => {
      const told = { outcome, guess, name: `${Date.now()}-${Math.random()}` };
      note(told);
      if (!number) return;
      keep(number, [...untold(number), told]);
      send();
    },
    end: () => {
      clearTimeout(waiting);
      model.off("change:heard", heard);
    },
  };
}
