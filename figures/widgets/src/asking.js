// What Python is asked to draw. One question is under way at a time, and the newest wish, which is the present position
// itself, comes first: so nothing ever queues. At rest come the neighbours, and none while a cell runs.

import { frameStore, neighbours } from "./frames.js";

export const LIMIT = 16e6; // bytes of pictures that one slider keeps
export const AHEAD = 16; // positions around the present one that are drawn before they are wanted
const SLOW = 200; // ms; if pictures take longer, none is drawn ahead, for a cell might wait for it: to be sure
const TRIES = 3; // are made, and
const APART = 1000; // ms lie between them
const REST = 50; // ms without a move until neighbours are drawn,
const BREATH = 15; // between two of them, and
const AFTER_CELL = 300; // after a cell, for another may follow
const MISSED = 2000; // ms until Python is asked again whether its cell has ended
const LOST = 10000; // ms after which a move asks again: the line was cut

/** @typedef {import("./frames.js").Frame} Frame */
/** @typedef {{at: number[], wish: boolean}} Question a wish is shown, a neighbour may be needed next */

/**
 * @param {{at: () => number[], controls: import("./frames.js").Choice[], send: (question: Question) => void,
 *   show: (frame: Frame) => void, release: (frame: Frame) => void, visible: () => boolean, limit?: number,
 *   now?: () => number}} page at: the present position; show is given what Python draws for it
 */
export function asking({ at, controls, send, show, release, visible, limit = LIMIT, now = () => performance.now() }) {
  let present = /** @type {Frame | null} */ (null); // is known for as long as it is shown
  let failure = /** @type {Frame | null} */ (null);
  let pending = /** @type {(Question & {since: number}) | null} */ (null);
  let heading = controls.map(() => 0);
  let slow = 0; // the last so many pictures
  let held = false; // a cell is running
  let quiet = now() + AFTER_CELL; // no neighbours before
  const timers = /** @type {Record<string, any>} */ ({});
  const refused = /** @type {Set<string>} */ (new Set());
  const frames = frameStore(limit, (/** @type {Frame} */ frame) => frame !== present && release(frame));
  const presents = (/** @type {Frame} */ frame) => {
    const old = present;
    present = frame;
    if (old && old !== frame && frames.get(old.at) !== old) release(old);
  };

  /** @param {number[]} place */
  const known = (place) => [failure, present].find((frame) => String(frame?.at) === String(place)) ?? frames.get(place);

  /** @returns {Question | null} */
  const next = () => {
    if (pending) return null;
    if (!known(at())) return { at: at(), wish: true };
    if (held || slow >= TRIES || now() < quiet || !visible()) return null;
    const near = neighbours(at(), controls, heading).slice(0, Math.min(AHEAD, frames.room() - 1));
    const unknown = near.filter((place) => !known(place)); // all are looked at: those far away become the oldest
    const wanted = unknown.find((place) => !refused.has(String(place)));
    return wanted ? { at: wanted, wish: false } : null;
  };
  const ask = () => {
    clearTimeout(timers.rest);
    const question = next();
    if (question) {
      pending = { ...question, since: now() };
      send(question);
    } else if (!pending && now() < quiet) timers.rest = setTimeout(ask, quiet - now());
  };
  const rest = (/** @type {number} */ ms) => {
    quiet = Math.max(quiet, now() + ms);
    ask();
  };

  const forget = () => {
    held = false;
    slow = 0;
    frames.clear();
    refused.clear();
    rest(AFTER_CELL);
  };
  /** @param {any} message @param {DataView[]} buffers */
  const answered = (message, buffers) => {
    const mine = String(message.at) === String(pending?.at);
    const wished = mine && pending?.wish;
    if (mine) pending = null;
    if (message.later) {
      held = true;
      clearTimeout(timers.missed);
      timers.missed = setTimeout(forget, MISSED);
    } else if (message.error) {
      refused.add(String(message.at));
      if (wished) failure = { ...message, size: 0 };
    } else {
      slow = message.took < SLOW ? 0 : slow + 1;
      take({ ...message, image: buffers[0], size: buffers[0].byteLength }, message.keep);
    }
    const frame = known(at());
    if (frame && String(frame.at) === String(message.at)) show(frame);
    rest(slow ? APART : BREATH);
  };
  /** @param {Frame} frame */
  const take = (frame, keep = true) => {
    if (keep) frames.put(frame.at, frame);
    if (String(frame.at) === String(at())) presents(frame);
  };

  return {
    known,
    /** A picture that came without a question. @param {Frame} frame */
    given(frame) {
      if (frame.image) take(frame);
      else failure = frame;
      ask();
    },
    /** The reader has moved; returns the picture of this place if it is known. @param {number[]} from */
    moved(from) {
      heading = at().map((k, j) => k - from[j]);
      failure = null;
      if (pending && now() - pending.since > LOST) pending = null;
      const frame = known(at());
      if (frame && frame !== failure) presents(frame);
      rest(REST);
      return frame;
    },
    /** An answer of Python, or its news that a cell has ended. @param {any} message @param {DataView[]} buffers */
    heard(message, buffers) {
      if (!message.forget) return answered(message, buffers);
      clearTimeout(timers.missed);
      forget();
    },
    ask,
    bytes: frames.bytes,
    stop() {
      clearTimeout(timers.rest);
      clearTimeout(timers.missed);
      frames.clear();
      if (present) release(present);
    },
  };
}
