// The one place where the state is kept: actions come in, the next state is drawn and told.

import * as history from "./history.js";
import { heard, leftOut, seen, told } from "./links.js";
import { isCell } from "./names.js";
import { python } from "./python.js";
import { opening, reduce } from "./state.js";
import { arraysOf, layerIn } from "./sums.js";

/** @typedef {import("./types").Action} Action */
/** @typedef {import("./types").Given} Given */
/** @typedef {import("./types").State} State */

const CONSTANT = ["channels", "groups", "maps", "ranges", "presets", "wrong", "show", "controls", "hide"];

const WAYS = { undo: history.undo, redo: history.redo };

export class Store {
  /** @param {any} model */
  constructor(model) {
    this.model = model;
    this.telling = false;
    const get = (/** @type {string} */ name) => model.get(name);
    /** @type {any} */
    const given = Object.fromEntries(CONSTANT.map((name) => [name, get(name)]));
    Object.assign(given, { nd: get("axes").length, mostRows: get("most_rows"), mostValue: get("most_value") });
    /** @type {Given} */
    this.given = given;
    this.state = opening(get, given);
    this.given.start = this.state;
    this.history = history.begin(this.state);
  }

  get arrays() {
    return arraysOf(layerIn(this.state, this.given), this.state);
  }

  /** The next state, or a notice why there is none. @param {Action} action @param {boolean} [live] part of a move that goes on */
  dispatch(action, live = false) {
    const next = reduce(this.state, action, this.given);
    const good = typeof next !== "string";
    this.take(good ? next : Object.freeze({ ...this.state, notice: next }));
    if (good && !live && !history.LOOKING.has(action.type)) this.commit();
    else if (good && action.type !== "point") this.tell();
    return good;
  }

  /** What was done up to now can be undone as one. */
  commit() {
    const { past } = this.history;
    this.history = history.commit(this.history, this.state);
    this.tell(past !== this.history.past);
    this.follow();
  }

  /** @param {"undo" | "redo"} way */
  travel(way) {
    const event = new CustomEvent("explorer-travel", { bubbles: true, cancelable: true, detail: way });
    if (this.asks(event)) return; // the page goes back or forward by itself
    const before = this.history;
    this.history = WAYS[way](before);
    if (this.history.now === before.now) return;
    const { pinned } = this.state;
    this.take(
      Object.freeze({ ...this.history.now, pinned: this.shows(pinned) ? pinned : "", hovered: "", notice: "" }),
    );
    this.tell(true);
  }

  /** What differs from the start, as texts. */
  texts() {
    return told(this.state, this.given);
  }

  /** Set what these texts tell; what is not possible is left out, and it says so. @param {Record<string, string>} texts */
  restore(texts) {
    const [next, wrong] = heard(texts, this.given);
    const { past, future } = this.history;
    const back = past.length > 0 && history.same(past[past.length - 1], next);
    const forth = future.length > 0 && history.same(future[0], next);
    this.take(Object.freeze({ ...next, notice: leftOut(wrong) }));
    if (back || forth) this.history = { ...WAYS[back ? "undo" : "redo"](this.history), now: this.state };
    else this.history = history.commit(this.history, this.state);
    this.tell();
    this.follow();
    return wrong;
  }

  python() {
    return python(this.state, this.given);
  }

  // ---------------------------------------------------------------- Python, and the page
  /** @param {boolean} [lasts] */
  tell(lasts = false) {
    const { axes, reserve, pinned } = this.state;
    const traits = { axes, reserve, ...this.arrays, selected: isCell(pinned) ? pinned : "", state: seen(this.texts()) };
    this.telling = true;
    const changed = Object.entries(traits).filter(
      ([name, value]) => JSON.stringify(this.model.get(name)) !== JSON.stringify(value),
    );
    for (const [name, value] of changed) this.model.set(name, value);
    this.telling = false;
    if (changed.length) this.model.save_changes();
    this.announce(lasts);
  }

  /** Python, or another view, has set something. */
  hear() {
    this.given.maps = this.model.get("maps");
    this.dispatch({ type: "python", get: (/** @type {string} */ name) => this.model.get(name) });
  }

  /** Python has set what is seen: order, step, heat and the like. */
  look() {
    const kept = Object.entries(this.texts()).filter(([name]) => !Object.hasOwn(seen({ [name]: "" }), name));
    this.restore({ ...Object.fromEntries(kept), ...this.model.get("state") });
  }

  /** The same options are the same object, so that their table is not made twice. @param {State} next */
  keep(next) {
    const { axes } = this.state;
    const same = JSON.stringify(axes) === JSON.stringify(next.axes);
    this.state = same && axes !== next.axes ? Object.freeze({ ...next, axes }) : next;
  }

  // ---------------------------------------------------------------- what the views add
  /** @param {State} next */
  take(next) {
    this.keep(next);
  }

  follow() {}

  /** @param {string} _key */
  shows(_key) {
    return true;
  }

  /** @param {boolean} _lasts */
  announce(_lasts) {}

  /** @param {Event} _event is the page going back by itself? */
  asks(_event) {
    return false;
  }
}
