// What the modules pass to each other. Nothing here is in a bundle.

/** A number, row or grid that a reader fills in: rows of labels, rows of answers. */
export interface Blank {
  name: string;
  labels: string[][];
  answers: number[][];
}
export interface Mistake {
  name: string;
  answers: Record<string, number[][]>;
  answer: string;
}
/** What course.questions sends. */
export interface Question {
  blanks: Blank[];
  options: string[];
  answer: string;
  wrong: Mistake[];
  hint: string;
  why: string;
  tolerance: number;
}
/** One number of a question: its place among the blanks. */
export interface Field {
  name: string;
  i: number;
  j: number;
  label: string;
  answer: number;
}

/** An answer as Python writes it: numbers, truths, words, sequences, sets and dictionaries. */
export type Value = number | boolean | string | Value[] | { set: Value[] } | { dict: [Value, Value][] };
/** What course.exercises sends of an exercise that can be answered in one line. */
export interface Entry {
  right: Value;
  several: boolean;
  digits: number | null;
  wrong: [string, Value][];
  why: string;
  form: string;
}

export interface Verdict {
  right: boolean;
  /** Something of everything that is asked was given. */
  complete: boolean;
  words: string;
}

export type Outcome = "right" | "wrong" | "shown";
/** What a reader typed: a text for each field, and the option that was chosen. */
export interface Guess {
  texts: string[];
  chosen: string;
}
export interface Progress {
  solved: string[];
  shown: string[];
  /** What was answered wrongly at first, or shown: asked again. */
  missed: string[];
  guesses: Record<string, Guess>;
}
/** What a page tells Python, under a name by which Python says that it was noted. */
export interface Told {
  outcome: Outcome;
  guess: Guess | null;
  name: string;
}
/** What is known of one number. */
export interface Mark {
  solved: boolean;
  shown: boolean;
  missed: boolean;
  guess: Guess | null;
}
