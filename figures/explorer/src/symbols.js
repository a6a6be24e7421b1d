// The three sums as formulas, for any cell. The coefficients are read off the kernel map.

import { layerIn } from "./sums.js";

/** @typedef {import("./types").AxisMap} AxisMap */
/** @typedef {import("./types").Given} Given */
/** @typedef {import("./types").State} State */

const INDICES = [
  ["p", "r", "i"],
  ["q", "s", "j"],
];

/** i = a p + b r + c on one axis, from its triples. @param {AxisMap} axis */
export function coefficients({ triples }) {
  const step = (/** @type {number} */ moved, /** @type {number} */ fixed) => {
    for (const one of triples)
      for (const other of triples)
        if (other[moved] === one[moved] + 1 && other[fixed] === one[fixed]) return other[2] - one[2];
    return 0; // there is but one: any number is right
  };
  const [a, b] = [step(0, 1), step(1, 0)];
  const [p, r, i] = triples[0];
  return { a, b, c: i - a * p - b * r };
}

/** "2p + r − 1" @param {[number, string][]} terms @param {number} constant */
function linear(terms, constant) {
  const parts = terms.filter(([n]) => n).map(([n, name]) => [n < 0, `${Math.abs(n) === 1 ? "" : Math.abs(n)}${name}`]);
  if (constant || !parts.length) parts.push([constant < 0, String(Math.abs(constant))]);
  return parts
    .sort(([a], [b]) => Number(a) - Number(b)) // "2 − r", not "− r + 2"
    .map(([minus, text], n) => (n ? (minus ? " − " : " + ") : minus ? "−" : "") + text)
    .join("");
}

/** The three sums of this layer, each with the sign before its taps.
 * @param {State} state @param {Given} given */
export function formulas(state, given) {
  const axes = layerIn(state, given).maps.map(coefficients);
  const { base } = state;
  const [lead, over, taps] = given.channels[0][0].length ? ["k,", "c,", "k,c,"] : ["", "", ""];
  const names = INDICES.slice(0, axes.length);
  const [ps, rs, is] = [0, 1, 2].map((n) => names.map((name) => name[n]).join(","));
  const counted = axes.map(({ a, b, c }) => ({ a, b, c: c + base * (1 - a - b) }));
  const reads = counted.map(({ a, b, c }, n) =>
    linear(
      [
        [a, names[n][0]],
        [b, names[n][1]],
      ],
      c,
    ),
  );
  const onto = counted.map(
    ({ a, b, c }, n) =>
      linear(
        [
          [1, names[n][2]],
          [-b, names[n][1]],
        ],
        -c,
      ) + (a === 1 ? "" : ` over ${a}`),
  );
  const whole = counted.every(({ a }) => a === 1);
  const cells = whole ? onto.join(", ") : onto.map((text) => text.replace(/^(.*) over (.*)$/, "($1)/$2")).join(", ");
  const inner = lead ? "c," : "";
  return [
    { name: "y", text: `y[${lead}${ps}] = Σ x[${over}${reads.join(", ")}]·w[${taps}${rs}]`, over: `${inner}${rs}` },
    { name: "dw", text: `dw[${taps}${rs}] = Σ dy[${lead}${ps}]·x[${over}${reads.join(", ")}]`, over: ps },
    {
      name: "dx",
      text: `dx[${over}${is}] = Σ dy[${lead}${cells}]·w[${taps}${rs}]`,
      over: `${lead}${rs}${whole ? "" : ", where the division leaves no remainder"}`,
    },
  ].map((formula) => ({ ...formula, text: formula.text.replaceAll(",", ", ").replaceAll(",  ", ", ") }));
}

/** Which sum reads the kernel backwards: where the flip went. @param {State} state @param {Given} given */
export function flip(state, given) {
  const backwards = layerIn(state, given).maps.some((axis) => coefficients(axis).b < 0);
  return backwards
    ? "True convolution: y reads the kernel backwards (the tap has a minus), so dx reads it forwards."
    : "Cross-correlation: y reads the kernel forwards, so dx reads it backwards (the tap has a minus): the flip.";
}
