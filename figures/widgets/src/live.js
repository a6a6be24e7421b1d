// A picture, one or two native controls, a caption. A page without a kernel has all frames stored, each laid over the
// first, of which it holds only what differs. With a kernel Python draws what it is asked for (asking.js), and the page
// keeps the answers: a position that was drawn is shown without asking again.

import { asking } from "./asking.js";
import { menu, radios, slider, stopButtons } from "./controls.js";
import { calm, make, nextId } from "./dom.js";
import { scrolling } from "./scrolling.js";

const STEP = 40; // ms between the steps of a walk to a stop
const PATIENCE = 2000; // ms without an answer until the caption says so
const LATE =
  "The kernel has not drawn this picture yet. If it was restarted, run the cells above again " +
  "(Run > Run All Above Selected Cell), and then this cell.";

/** @typedef {import("./frames.js").Frame} Frame */

/** @param {number[]} places @param {number} place */
const nearest = (places, place) =>
  places.reduce((best, p, k) => (Math.abs(p - place) < Math.abs(places[best] - place) ? k : best), 0);

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const controls = /** @type {import("./controls.js").Control[]} */ (model.get("controls"));
  const at = () => /** @type {number[]} */ (model.get("at"));
  const image = make("img", { width: model.get("width"), height: model.get("height"), draggable: "false" });
  const text = make("p", { class: "live-text", "aria-live": "polite" });
  const kind = model.get("photograph") ? "live photograph" : "live";
  const card = make("div", { class: "live-card" }, image);
  const root = make("div", { class: kind }, card, text);
  const stored = () => model.get("frames").length > 0;
  const urls = /** @type {Map<Frame, string>} */ (new Map());
  let click = /** @type {any} */ (null);
  let ground = "";
  let walking = 0;
  let waiting = 0;

  const release = (/** @type {Frame} */ frame) => {
    URL.revokeObjectURL(urls.get(frame) ?? "");
    urls.delete(frame);
  };
  const show = (/** @type {Frame} */ frame) => {
    clearTimeout(waiting);
    root.classList.toggle("live-failed", Boolean(frame.error));
    text.textContent = frame.error ?? frame.text ?? "";
    if (!frame.image) return;
    if (!urls.has(frame)) urls.set(frame, URL.createObjectURL(new Blob([frame.image])));
    image.src = urls.get(frame);
    image.alt = frame.text;
    click = frame.click;
    image.classList.toggle("live-clickable", Boolean(click));
  };

  let seen = false;
  const watch = new IntersectionObserver((changes) => {
    seen = changes.some((change) => change.isIntersecting);
    if (seen && !stored()) python.ask();
  });
  const visible = () => seen && !document.hidden;
  const send = (/** @type {any} */ question) => {
    try {
      model.send(question);
    } catch {
      // the kernel was restarted: nobody will answer, and the caption will say so
    }
  };
  const python = asking({ at, controls, send, show, release, visible });
  const found = () => {
    if (!stored()) return python.known(at());
    return model.get("frames")[at().reduce((index, k, j) => index * controls[j].texts.length + k, 0)];
  };

  const layGround = () => {
    if (ground) URL.revokeObjectURL(ground);
    ground = stored() ? URL.createObjectURL(new Blob([model.get("frames")[0].image])) : "";
    image.style.background = ground ? `url(${ground}) 0 0 / 100% 100%` : "";
  };

  let told = String(at());
  let moving = false;
  /** Python learns the position when the reader leaves: no picture needs it before. */
  const tell = () => {
    if (stored() || told === String(at())) return;
    told = String(at());
    model.save_changes();
  };
  let from = at();
  const moved = () => {
    showControls();
    if (!moving) {
      told = String(at());
      if (!stored() && String(model.get("picture").at) === told) return pictured(); // Python moved, and has drawn
    }
    const frame = stored() ? found() : python.moved(from);
    from = at();
    if (frame) return show(frame);
    clearTimeout(waiting);
    waiting = window.setTimeout(() => (text.textContent = LATE), PATIENCE);
  };
  /** @param {Record<number, number>} changes */
  const move = (changes) => {
    const wanted = at().map((k, j) => changes[j] ?? k);
    if (String(wanted) === String(at())) return;
    moving = true;
    model.set("at", wanted);
    moving = false;
  };
  /** @param {number} j @returns {(k: number) => void} */
  const choose = (j) => (k) => {
    clearTimeout(walking);
    move({ [j]: k });
  };
  /** @param {number} j @returns {(goal: number) => void} */
  const walkTo = (j) => (goal) => {
    clearTimeout(walking);
    if (calm()) return move({ [j]: goal });
    const step = () => {
      const k = at()[j];
      if (k === goal) return;
      if (found()) move({ [j]: k + Math.sign(goal - k) }); // each picture is seen before the next
      walking = window.setTimeout(step, STEP);
    };
    step();
  };

  const shows = controls.map((control, j) => {
    const kind = control.menu ? menu : control.radio ? radios : slider;
    const [box, show] = kind(control, nextId("live"), choose(j));
    root.append(box);
    if (!control.stops.length) return show;
    const [buttons, press] = stopButtons(control, walkTo(j));
    box.append(buttons);
    return (/** @type {number} */ k) => (show(k), press(k));
  });
  const showControls = () => at().forEach((k, j) => shows[j](k));

  image.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (!click) return;
    const frame = image.getBoundingClientRect();
    const place = [(event.clientX - frame.left) / frame.width, 1 - (event.clientY - frame.top) / frame.height];
    const [left, bottom, right, top] = click.box;
    if (place[0] < left || place[0] > right || place[1] < bottom || place[1] > top) return;
    clearTimeout(walking);
    move(
      Object.fromEntries(
        click.axes.map((/** @type {[number, number, number[]]} */ [j, axis, places]) => [
          j,
          nearest(places, place[axis]),
        ]),
      ),
    );
  });
  for (const leaving of ["focusout", "pointerleave"]) root.addEventListener(leaving, tell);

  /** Python moved the controls, or shows its first picture. */
  const pictured = () => {
    const picture = model.get("picture");
    const frame = { ...picture, size: picture.image?.byteLength ?? 0 };
    from = at();
    show(frame);
    python.given(frame);
  };
  const restored = () => (layGround(), stored() ? show(found()) : pictured());
  model.on("change:at", moved);
  model.on("change:picture", pictured);
  model.on("change:frames", restored);
  model.on("msg:custom", python.heard);
  showControls();
  restored();
  el.append(root);
  watch.observe(root);
  const unwatch = scrolling(card);
  return () => {
    unwatch();
    for (const timer of [walking, waiting]) clearTimeout(timer);
    watch.disconnect();
    python.stop();
    for (const address of [...urls.values(), ground]) if (address) URL.revokeObjectURL(address);
    model.off("change:at", moved);
    model.off("change:picture", pictured);
    model.off("change:frames", restored);
    model.off("msg:custom", python.heard);
  };
}

export default { render };
