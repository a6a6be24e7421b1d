// A picture, one or two native controls, a caption. Frames are used where they are stored, each laid over the first,
// of which it holds only what differs. Else Python draws: setting "at" asks, "picture" answers. ipywidgets itself
// keeps one question under way and sends only the newest of those that came up meanwhile.

import { button, calm, focusable, make, nextId } from "./dom.js";

const STEP = 40; // ms between the steps of a walk to a stop
const PATIENCE = 2000; // ms without an answer until the caption says so
const LATE =
  "The kernel has not drawn this picture yet. If it was restarted, run the cells above again " +
  "(Run > Run All Above Selected Cell), and then this cell.";

/** @typedef {{name: string, texts: string[], stops: [string, number][], radio: boolean, menu: boolean}} Control */

/** @param {number[]} places @param {number} place */
const nearest = (places, place) =>
  places.reduce((best, p, k) => (Math.abs(p - place) < Math.abs(places[best] - place) ? k : best), 0);

/** @param {Control} control @param {string} id @param {(k: number) => void} choose @returns {[any, (k: number) => void]} */
function slider(control, id, choose) {
  const input = make("input", { type: "range", id, min: 0, max: control.texts.length - 1, step: 1, ...focusable });
  const value = make("output", { for: id });
  input.addEventListener("input", () => choose(Number(input.value)));
  /** @param {number} k */
  const show = (k) => {
    input.value = k;
    input.setAttribute("aria-valuetext", control.texts[k]);
    value.textContent = control.texts[k];
  };
  return [make("div", { class: "live-slider" }, make("label", { for: id }, control.name), input, value), show];
}

/** @param {Control} control @param {string} id @param {(k: number) => void} choose @returns {[any, (k: number) => void]} */
function radios(control, id, choose) {
  const inputs = control.texts.map((_, k) => {
    const input = make("input", { type: "radio", name: id, id: `${id}-${k}`, ...focusable });
    input.addEventListener("change", () => choose(k));
    return input;
  });
  const pairs = inputs.map((input, k) => make("span", {}, input, make("label", { for: input.id }, control.texts[k])));
  const box = make("fieldset", { class: "live-radios" }, make("legend", {}, control.name), ...pairs);
  return [box, (k) => inputs.forEach((input, j) => (input.checked = j === k))];
}

/** @param {Control} control @param {string} id @param {(k: number) => void} choose @returns {[any, (k: number) => void]} */
function menu(control, id, choose) {
  const select = make("select", { id, ...focusable });
  for (const [k, text] of control.texts.entries()) select.append(make("option", { value: k }, text));
  select.addEventListener("input", () => choose(Number(select.value)));
  const box = make("div", { class: "live-menu" }, make("label", { for: id }, control.name), select);
  return [box, (k) => (select.value = String(k))];
}

/** @param {Control} control @param {(k: number) => void} walk @returns {[any, (k: number) => void]} */
function stopButtons(control, walk) {
  const buttons = control.stops.map(([name, k]) => button(name, () => walk(k)));
  const box = make("div", { class: "live-stops", role: "group", "aria-label": `${control.name}: go to` }, ...buttons);
  return [box, (k) => buttons.forEach((b, j) => b.setAttribute("aria-pressed", control.stops[j][1] === k))];
}

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const controls = /** @type {Control[]} */ (model.get("controls"));
  const at = () => /** @type {number[]} */ (model.get("at"));
  const image = make("img", { width: model.get("width"), height: model.get("height"), draggable: "false" });
  const text = make("p", { class: "live-text", "aria-live": "polite" });
  const kind = model.get("photograph") ? "live photograph" : "live";
  const root = make("div", { class: kind }, make("div", { class: "live-card" }, image), text);
  const stored = () => model.get("frames").length > 0;
  let click = /** @type {any} */ (null);
  let url = "";
  let ground = "";
  let walking = 0;
  let waiting = 0;

  const present = () => {
    if (!stored()) return model.get("picture");
    return model.get("frames")[at().reduce((index, k, j) => index * controls[j].texts.length + k, 0)];
  };
  const answered = () => String(present().at) === String(at());

  const showPicture = () => {
    const picture = present();
    if (answered()) clearTimeout(waiting);
    root.classList.toggle("live-failed", Boolean(picture.error));
    text.textContent = picture.error ?? picture.text ?? "";
    if (!picture.image) return;
    const old = url;
    url = URL.createObjectURL(new Blob([picture.image]));
    image.onload = () => old && URL.revokeObjectURL(old);
    image.src = url;
    image.alt = picture.text;
    click = picture.click;
    image.classList.toggle("live-clickable", Boolean(click));
  };

  const layGround = () => {
    if (ground) URL.revokeObjectURL(ground);
    ground = stored() ? URL.createObjectURL(new Blob([model.get("frames")[0].image])) : "";
    image.style.background = ground ? `url(${ground}) 0 0 / 100% 100%` : "";
  };

  /** @param {Record<number, number>} changes */
  const move = (changes) => {
    const wanted = at().map((k, j) => changes[j] ?? k);
    if (String(wanted) === String(at())) return;
    model.set("at", wanted);
    if (stored()) return;
    model.save_changes();
    clearTimeout(waiting);
    waiting = window.setTimeout(() => (text.textContent = LATE), PATIENCE);
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
      if (answered()) move({ [j]: k + Math.sign(goal - k) }); // each picture is seen before the next
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

  const moved = () => (showControls(), stored() && showPicture());
  model.on("change:at", moved);
  model.on("change:picture", showPicture);
  const restored = () => (layGround(), showPicture());
  model.on("change:frames", restored);
  layGround();
  showControls();
  showPicture();
  el.append(root);
  return () => {
    clearTimeout(walking);
    clearTimeout(waiting);
    for (const address of [url, ground]) if (address) URL.revokeObjectURL(address);
    model.off("change:at", moved);
    model.off("change:picture", showPicture);
    model.off("change:frames", restored);
  };
}

export default { render };
