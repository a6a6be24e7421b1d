// A reader's progress as plain data: what is solved, shown and missed, and what was typed. Pure; the same rules
// as course/exercises/record.py.

/** @typedef {import("./types").Guess} Guess */
/** @typedef {import("./types").Mark} Mark */
/** @typedef {import("./types").Outcome} Outcome */
/** @typedef {import("./types").Progress} Progress */

/** @returns {Progress} */
export const nothing = () => ({ solved: [], shown: [], missed: [], guesses: {} });

/** @param {any} list */
const names = (list) => (Array.isArray(list) ? [...new Set(list.filter((name) => typeof name === "string"))] : []);

/** A stored text as data; null where it cannot be read: somebody else's is as good as none. @param {string | null} text */
function data(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** @param {any} guess @returns {Guess | null} */
const guessed = (guess) =>
  Array.isArray(guess?.texts) ? { texts: guess.texts.map(String), chosen: String(guess.chosen ?? "") } : null;

/** What one text held in which an earlier edition kept all. @param {string | null} text @returns {Progress} */
export function parsed(text) {
  const found = data(text);
  const guesses = /** @type {Record<string, Guess>} */ ({});
  for (const [number, guess] of Object.entries(found?.guesses ?? {})) {
    const kept = guessed(guess);
    if (kept) guesses[number] = kept;
  }
  return { solved: names(found?.solved), shown: names(found?.shown), missed: names(found?.missed), guesses };
}

/** What the stored marks hold, a text for each number. @param {[string, string | null][]} marks @returns {Progress} */
export function collected(marks) {
  const progress = nothing();
  for (const [number, text] of marks) {
    const mark = data(text);
    for (const list of /** @type {const} */ (["solved", "shown", "missed"]))
      if (mark?.[list] === true) progress[list].push(number);
    const guess = guessed(mark?.guess);
    if (guess) progress.guesses[number] = guess;
  }
  return progress;
}

/** All numbers that a progress knows. @param {Progress} progress */
export const known = ({ solved, shown, missed, guesses }) =>
  names([...solved, ...shown, ...missed, ...Object.keys(guesses)]);

/** @param {string[]} list @param {string} name */
const added = (list, name) => (list.includes(name) ? list : [...list, name]);

/** The progress after an answer. What is solved stays solved. A wrong or shown answer is missed unless it was solved
 * before; asked again, it counts anew, and a right one is missed no longer.
 * @param {Progress} progress @param {string} number @param {Outcome} outcome @param {Guess | null} guess
 * @param {boolean} again @returns {Progress} */
export function noted(progress, number, outcome, guess = null, again = false) {
  const { solved, shown, missed, guesses } = progress;
  const misses = outcome !== "right" && (again || !solved.includes(number));
  const mended = outcome === "right" && again;
  return {
    solved: outcome === "right" ? added(solved, number) : solved,
    shown: outcome === "shown" ? added(shown, number) : shown,
    missed: misses ? added(missed, number) : mended ? missed.filter((name) => name !== number) : missed,
    guesses: guess && outcome !== "shown" && !again ? { ...guesses, [number]: guess } : guesses,
  };
}

/** @param {Progress} progress @param {string} number @returns {Mark} */
export const markOf = (progress, number) => ({
  solved: progress.solved.includes(number),
  shown: progress.shown.includes(number),
  missed: progress.missed.includes(number),
  guess: progress.guesses[number] ?? null,
});

/** How many of some numbers are solved. @param {Progress} progress @param {string[]} numbers */
export const count = (progress, numbers) => numbers.filter((number) => progress.solved.includes(number)).length;

/** Two records of one reader as one: nothing that either holds is lost. @param {Progress} one @param {Progress} other @returns {Progress} */
export const merged = (one, other) => ({
  solved: names([...one.solved, ...other.solved]),
  shown: names([...one.shown, ...other.shown]),
  missed: names([...one.missed, ...other.missed]),
  guesses: { ...one.guesses, ...other.guesses },
});
