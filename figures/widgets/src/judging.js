// The verdict on a question with blanks. Pure: texts in, words out.

/** @typedef {import("./types").Field} Field */
/** @typedef {import("./types").Guess} Guess */
/** @typedef {import("./types").Mistake} Mistake */
/** @typedef {import("./types").Question} Question */
/** @typedef {import("./types").Verdict} Verdict */

/** Readers type a comma, a real minus sign or a fraction. @param {string} typed */
export function read(typed) {
  const [top, bottom, ...rest] = typed.trim().replace(/[−–]/g, "-").replace(",", ".").split("/");
  if (!top || rest.length || bottom === "") return Number.NaN;
  return Number(top) / (bottom === undefined ? 1 : Number(bottom));
}

/** @param {number} a @param {number} b @param {number} tolerance */
const same = (a, b, tolerance) => Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));

/** Every number that a question asks for, in the order of the page. @param {Question} question @returns {Field[]} */
export const fields = ({ blanks }) =>
  blanks.flatMap(({ name, labels, answers }) =>
    labels.flatMap((row, i) => row.map((label, j) => ({ name, i, j, label, answer: answers[i][j] }))),
  );

/** Whether a text is right: null while nothing is typed. @param {Question} question @param {Field} field @param {string} text */
export const isRight = (question, field, text) =>
  text.trim() === "" ? null : same(read(text), field.answer, question.tolerance);

/** @param {Question} question @param {Guess} guess @param {Mistake} mistake */
function agrees(question, guess, mistake) {
  const chosen = !guess.chosen || guess.chosen === (mistake.answer || question.answer);
  return (
    chosen &&
    fields(question).every(({ name, i, j, answer }, k) => {
      const text = guess.texts[k] ?? "";
      const wanted = name in mistake.answers ? mistake.answers[name][i][j] : answer;
      return !text.trim() || same(read(text), wanted, question.tolerance);
    })
  );
}

/** What to say of numbers that nobody has named: which way, or how they must be written.
 * @param {Field} field @param {string} text */
function direction(field, text) {
  const value = read(text);
  if (Number.isNaN(value)) return "This is not a number: write it like 12, -0.5 or 5/3.";
  return value > field.answer ? "This number is too large." : "This number is too small.";
}

/** @param {Question} question @param {Guess} guess @returns {Verdict} */
export function verdict(question, guess) {
  const asked = fields(question);
  const count = asked.length + (question.options.length ? 1 : 0);
  const rights = asked.map((field, k) => isRight(question, field, guess.texts[k] ?? ""));
  const labels = asked.filter((_, k) => rights[k] === false).map(({ label }) => label);
  if (guess.chosen && guess.chosen !== question.answer) labels.push("the choice");
  const given = rights.filter((right) => right !== null).length + (guess.chosen ? 1 : 0);
  const complete = given === count;
  if (!given) return { right: false, complete, words: "Nothing is filled in yet." };
  if (!labels.length && !complete)
    return { right: false, complete, words: `${given} of ${count} filled in, all right so far.` };
  if (!labels.length)
    return { right: true, complete, words: join(count > 1 ? `All ${count} right.` : "Right.", question.why) };
  const mistake = question.wrong.find((one) => agrees(question, guess, one));
  const shares = `${given - labels.length} of ${count} right; wrong: ${labels.join(", ")}`;
  const named = mistake && (count > 1 ? ` (${mistake.name})` : `: ${mistake.name}`);
  const which = `${count > 1 ? shares : "Not right"}${named ?? ""}.`;
  const hint = question.hint && `Hint: ${question.hint}`;
  const number = asked.length === 1 && !named ? direction(asked[0], guess.texts[0]) : "";
  const last = named || hint || number ? "" : "Look again at what is asked, and try another answer.";
  return { right: false, complete, words: join(which, number, hint, last) };
}

/** @param {string[]} sentences */
const join = (...sentences) => sentences.filter(Boolean).join(" ");
