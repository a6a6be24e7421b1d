// A photograph x, its map y under a kernel w, and the window of one output. Python sends all three
// arrays; the page shows which products make an output, and keeps the extremes that were reached.

import { focusable, make, nextId } from "./dom.js";

/** @typedef {number[][]} Plane */

const MANY = 25; // products; a longer sum is not written out

/** @param {number} value */
const written = (value) => String(Number(value.toFixed(2))).replace("-", "−");
/** @param {number} value */
const factor = (value) => (value < 0 ? `(${written(value)})` : written(value));

// One cell of the array is one pixel of the canvas; the style sheet enlarges it.
/** @param {string} name @param {string} title @param {Plane} values @param {number[]} ends */
function plane(name, title, values, [black, white]) {
  const [rows, columns] = [values.length, values[0].length];
  const canvas = make("canvas", { width: columns, height: rows, role: "img", "aria-label": title });
  const picture = new ImageData(columns, rows);
  values.flat().forEach((value, k) => {
    const grey = (255 * (value - black)) / (white - black); // beyond both ends it is clamped
    picture.data.set([grey, grey, grey, 255], 4 * k);
  });
  canvas.getContext("2d").putImageData(picture, 0, 0);
  const area = make("div", { class: "probe-area" }, canvas);
  const box = make(
    "div",
    { class: `probe-panel probe-${name}`, style: `flex-grow: ${columns}` },
    make("p", { class: "probe-title" }, title),
    area,
  );
  /** @param {HTMLElement} element @param {number} p @param {number} q @param {number} height @param {number} width */
  const put = (element, p, q, height, width) =>
    Object.assign(element.style, {
      top: `${(100 * p) / rows}%`,
      left: `${(100 * q) / columns}%`,
      height: `${(100 * height) / rows}%`,
      width: `${(100 * width) / columns}%`,
    });
  /** @param {PointerEvent} event */
  const cellAt = (event) => {
    const frame = area.getBoundingClientRect();
    return [
      Math.floor(((event.clientY - frame.top) / frame.height) * rows),
      Math.floor(((event.clientX - frame.left) / frame.width) * columns),
    ];
  };
  return { box, area, put, cellAt };
}

/** @param {string} name @param {string} title @param {number[]} shape */
function numbers(name, title, [rows, columns]) {
  const cells = Array.from({ length: rows * columns }, () => make("td"));
  const lines = Array.from({ length: rows }, (_, r) => make("tr", {}, ...cells.slice(r * columns, (r + 1) * columns)));
  const table = make(
    "table",
    { class: `probe-${name}`, "aria-label": title },
    make("caption", {}, title),
    make("tbody", {}, ...lines),
  );
  return {
    table,
    show: (/** @type {number[]} */ values) => cells.forEach((cell, k) => (cell.textContent = written(values[k]))),
  };
}

/** @param {string} label @param {number} most @param {(value: number) => void} choose @returns {[any, (value: number) => void]} */
function slider(label, most, choose) {
  const id = nextId("probe");
  const input = make("input", { type: "range", id, min: 0, max: most, step: 1, ...focusable });
  const output = make("output", { for: id });
  input.addEventListener("input", () => choose(Number(input.value)));
  /** @param {number} value */
  const show = (value) => ((input.value = value), (output.textContent = value));
  return [make("div", { class: "probe-slider" }, make("label", { for: id }, label), input, output), show];
}

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const [x, w, y, [shadesOfX, shadesOfY]] = ["x", "w", "y", "shades"].map((name) => model.get(name));
  const [R, S, P, Q] = [w.length, w[0].length, y.length, y[0].length];
  const taps = w.flat();
  const ends = /** @type {Record<string, number>} */ ({
    highest: Math.max(...y.flat()),
    lowest: Math.min(...y.flat()),
  });
  const better = /** @type {Record<string, (a: number, b: number) => boolean>} */ ({
    highest: (a, b) => a > b,
    lowest: (a, b) => a < b,
  });
  const reached = /** @type {Record<string, number[]>} */ ({}); // highest and lowest so far: [p, q]

  const greys = shadesOfY[0] < 0 ? ": white is positive, black negative" : "";
  const seen = plane("x", "x, the photograph", x, shadesOfX);
  const answer = plane("y", `y${greys}`, y, shadesOfY);
  const frame = make("div", { class: "probe-frame" });
  const spot = make("div", { class: "probe-spot" });
  const marks = Object.keys(ends).map((name) => [
    name,
    make("div", { class: `probe-mark probe-${name}`, hidden: "" }, make("span", {}, name)),
  ]);
  seen.area.append(frame);
  answer.area.append(spot, ...marks.map(([, mark]) => mark));

  const cells = numbers("cells", "its window in x", [R, S]);
  const kernel = numbers("taps", "taps w", [R, S]);
  kernel.show(taps);
  const sum = make("p", { class: "probe-sum", "aria-live": "polite" });
  const score = make("p", { class: "probe-score", "aria-live": "polite" });

  /** @param {number} p @param {number} q */
  const choose = (p, q) => {
    const at = [Math.max(0, Math.min(P - 1, p)), Math.max(0, Math.min(Q - 1, q))];
    if (String(at) === String(model.get("at"))) return;
    model.set("at", at);
    model.save_changes();
  };
  const [rowSlider, showRow] = slider("row p", P - 1, (p) => choose(p, model.get("at")[1]));
  const [columnSlider, showColumn] = slider("column q", Q - 1, (q) => choose(model.get("at")[0], q));

  const show = () => {
    const [p, q] = model.get("at");
    const value = y[p][q];
    const window = /** @type {number[]} */ (
      x.slice(p, p + R).flatMap((/** @type {number[]} */ row) => row.slice(q, q + S))
    );
    seen.put(frame, p, q, R, S);
    answer.put(spot, p, q, 1, 1);
    cells.show(window);
    showRow(p);
    showColumn(q);
    const products = window
      .map((/** @type {number} */ cell, /** @type {number} */ k) => [cell, taps[k]])
      .filter(([, tap]) => tap);
    const spelled =
      products.length > MANY
        ? `a sum of ${products.length} products`
        : products.map((pair) => pair.map(factor).join("·")).join(" + ") || "0";
    sum.textContent = `y[${p},${q}] = ${spelled} = ${written(value)}`;
    for (const [name, mark] of marks) {
      const best = reached[name];
      if (!best || better[name](value, y[best[0]][best[1]])) reached[name] = [p, q];
      const [i, j] = reached[name];
      mark.hidden = y[i][j] !== ends[name];
      mark.classList.toggle("probe-inward", 4 * j < Q); // its name stays inside the map
      answer.put(mark, i, j, 1, 1);
    }
    score.textContent = marks
      .map(([name]) => {
        const [i, j] = reached[name];
        const response = `y[${i},${j}] = ${written(y[i][j])}`;
        return y[i][j] === ends[name]
          ? `✓ ${response} is the ${name} response of the whole map.`
          : `The ${name} so far: ${response}.`;
      })
      .join("\n");
  };

  // A press chooses, and so does a drag; in x the window is centred on the pointer.
  /** @param {ReturnType<typeof plane>} plane @param {number} up @param {number} left */
  const follow = ({ area, cellAt }, up, left) => {
    /** @param {PointerEvent} event */
    const take = (event) => {
      const [row, column] = cellAt(event);
      choose(row - up, column - left);
    };
    area.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (event.button) return;
      area.setPointerCapture(event.pointerId);
      take(event);
      event.preventDefault();
    });
    area.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => event.buttons & 1 && take(event));
  };
  follow(seen, (R - 1) >> 1, (S - 1) >> 1);
  follow(answer, 0, 0);

  const root = make(
    "div",
    { class: "probe", role: "group", "aria-label": "A photograph under a kernel" },
    make("div", { class: "probe-planes" }, seen.box, answer.box),
    make(
      "div",
      { class: "probe-below" },
      cells.table,
      kernel.table,
      make("div", { class: "probe-sliders" }, rowSlider, columnSlider, sum, score),
    ),
  );
  show();
  model.on("change:at", show);
  el.append(root);
  return () => model.off("change:at", show);
}

export default { render };
