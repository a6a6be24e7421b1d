// The gradient explorer: the views of one state, and when each of them is drawn.

import { indexOf, nameOf } from "./arrays.js";
import { controlsRow, foot } from "./controls.js";
import { make, nextId } from "./dom.js";
import { glide, tick } from "./glide.js";
import { fill, gridPanels } from "./grids.js";
import { hint, hinted } from "./hint.js";
import { latticePanel } from "./lattice.js";
import { light } from "./light.js";
import { tablePanel } from "./lines.js";
import { COLUMN } from "./names.js";
import { listen } from "./pointer.js";
import { settle, stand } from "./room.js";
import { sayingPanel } from "./saying.js";
import { stepped, sumOf } from "./state.js";
import { Store } from "./store.js";
import { layerIn } from "./sums.js";
import { ordered } from "./table.js";
import { viewRow } from "./viewing.js";

/** @typedef {import("./types").State} State */

/** What is built anew when it changes; what is written anew; all else is only lit. @type {(keyof State)[]} */
const BUILT = ["axes", "base", "axis"];
/** @type {(keyof State)[]} */
const WRITTEN = ["reserve", "by", "step", "unit", "opened", "heat", "drawing", "challenge"];

export class Explorer extends Store {
  /** @param {any} model @param {HTMLElement} el */
  constructor(model, el) {
    super(model);
    this.id = nextId("explorer");
    this.frame = 0;
    this.laid = false;
    this.width = 0;
    this.under = 0;
    /** @type {import("./types").Row | undefined} */
    this.sight = undefined;
    /** @type {Map<string, any>} */
    this.cells = new Map();
    /** @type {Map<string, any>} */
    this.twins = new Map();
    this.entries = new Set();
    this.lit = new Set();
    this.selected = new Set();
    this.leave = () => {};
    this.root = make("div", { class: "explorer explorer-unsettled", role: "group", "aria-label": "Gradient explorer" });
    this.grids = make("div", { class: "explorer-grids" });
    this.side = make("div", { class: "explorer-side" });
    this.saying = sayingPanel();
    const [row, view, tools] = [controlsRow(this), viewRow(this), foot(this)];
    this.controls = row.element;
    this.view = view;
    this.following = [row, view, tools];
    this.dock = make("div", { class: "explorer-dock" }, this.saying.said);
    this.panels = make("div", { class: "explorer-panels" }, this.grids, this.dock, view.element, this.side);
    tools.element.append(this.saying.listing, this.saying.below);
    this.root.append(row.element, this.panels, tools.element);
    this.away = listen(this);
    this.build();
    el.append(this.root);
    this.root.explorer = this; // for a script of the page
    this.watch = new ResizeObserver(() => this.root.clientWidth === this.width || this.later());
    this.watch.observe(this.root);
    if (Object.keys(model.get("state") ?? {}).length) this.look();
  }

  // ---------------------------------------------------------------- drawing it
  /** @param {State} next */
  take(next) {
    const before = this.state;
    this.keep(next);
    if (BUILT.some((name) => before[name] !== this.state[name])) this.build();
    else if (WRITTEN.some((name) => before[name] !== next[name])) this.refresh();
    else {
      if (before.symbols !== next.symbols) this.width = 0; // the sum's place is another
      if (before.symbols !== next.symbols || before.notice !== next.notice) this.follow();
      this.light();
      if (before.pinned !== next.pinned) this.reveal();
    }
    if (next.step !== null && next.step > (before.step ?? 0)) this.ticked(before);
  }

  build() {
    this.leave();
    for (const all of [this.cells, this.twins, this.entries, this.lit]) all.clear();
    this.grids.replaceChildren(...gridPanels(this));
    this.lattice = this.given.show.includes("lattice") ? latticePanel(this) : null;
    this.table = this.given.show.includes("table") ? tablePanel(this) : null;
    this.side.replaceChildren(...[this.lattice, this.table].flatMap((one) => (one ? [one.element] : [])));
    this.width = 0;
    hint(this);
    this.refresh();
  }

  refresh() {
    fill(this);
    this.table?.write(this);
    this.lattice?.write(this);
    this.root.classList.toggle("explorer-heat", this.state.heat);
    this.root.classList.toggle("explorer-drawing", this.state.drawing);
    this.follow();
    this.light();
    this.reveal();
  }

  follow() {
    for (const control of this.following) control.follow();
  }

  /** The cell that is spoken of: pointed at, stepped to (none, before the first step), or chosen. */
  get key() {
    const { hovered, pinned, step, by } = this.state;
    if (hovered || step === null) return hovered || pinned;
    return stepped(this.state, ordered(layerIn(this.state, this.given), by));
  }

  light() {
    const { key } = this;
    if (this.state.hovered) hinted(this);
    light(this, key);
    this.saying.say(this, key);
    this.later();
  }

  /** What is chosen or stepped to comes into sight; under a moving pointer the table stays. */
  reveal() {
    const rows = ordered(layerIn(this.state, this.given), this.state.by);
    const { step, pinned } = this.state;
    const name = nameOf(pinned);
    if (step) this.sight = rows[step - 1];
    else if (pinned && name !== "row")
      this.sight = rows.find((row) => COLUMN[name] && row[COLUMN[name]].join(",") === indexOf(pinned).join(","));
    this.later();
  }

  /** What measures the page is done once a frame, not within the event; what a measure changes, in the next one. */
  later() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const [width, under] = [this.root.clientWidth, this.view.element.offsetHeight];
      if (!width) return; // not on the page yet
      if (!this.laid) {
        this.laid = true; // the browser has had its first layout: that is enough for one frame
        return this.later();
      }
      if (width !== this.width) {
        settle(this);
        [this.width, this.under] = [width, -1];
        return this.later();
      }
      if (under !== this.under) {
        stand(this); // a score needs another line
        this.root.classList.remove("explorer-unsettled");
        this.under = this.view.element.offsetHeight;
        this.announce(false);
        return this.later();
      }
      this.saying.fit();
      if (this.sight) this.table?.reveal(this.sight);
      this.sight = undefined;
      const sum = this.state.step && !this.state.hovered ? this.summed(this.state.step) : this.key;
      glide(this, sum, this.state.step && !this.state.hovered ? this.view.time() : 0);
    });
  }

  /** The cell that a step's product goes to. @param {number} step */
  summed(step) {
    return sumOf(this.state, ordered(layerIn(this.state, this.given), this.state.by)[step - 1]);
  }

  /** @param {State} before */
  ticked(before) {
    if (this.state.by === before.by && this.state.step) tick(this.cells.get(this.summed(this.state.step)));
  }

  /** A script of the page, if there is one, keeps the state in the page's address. @param {boolean} lasts */
  announce(lasts) {
    this.root.dispatchEvent(new CustomEvent("explorer-state", { bubbles: true, detail: { lasts } }));
  }

  /** @param {Event} event */
  asks(event) {
    return !this.root.dispatchEvent(event);
  }

  /** @param {string} key */
  shows(key) {
    return this.cells.has(key);
  }

  close() {
    this.view.halt();
    this.watch.disconnect();
    this.away();
    cancelAnimationFrame(this.frame);
  }
}
