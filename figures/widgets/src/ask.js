// A question with blanks, or the line that answers an exercise. Everything is compared here, in the page: no kernel
// is asked. All text goes in as text nodes, so nothing a question says can become markup.

import { button, make, nextId } from "./dom.js";
import { judge } from "./entry.js";
import { choice, line, numbers } from "./fields.js";
import { verdict } from "./judging.js";
import { marks } from "./marks.js";
import { veil } from "./veil.js";

/** @typedef {import("./types").Guess} Guess */

const LATE =
  "The kernel has not noted this answer yet; this tab keeps it. If the kernel was restarted, run the cells above again " +
  "(Run > Run All Above Selected Cell), and then this one.";
const TRAITS = ["blanks", "options", "answer", "wrong", "hint", "why", "tolerance"];

/** What is asked, and how it is judged. @param {any} model @param {HTMLElement} root @param {string} labelledby */
function asked(model, root, labelledby) {
  if (model.get("entry")?.form) {
    const entry = model.get("entry");
    const one = line(entry, root);
    return {
      guess: () => ({ texts: [one.text()], chosen: "" }),
      verdict: () => judge(entry, one.text()),
      show: () => one.show(one.text().trim() ? judge(entry, one.text()).right : null),
      fill: (/** @type {Guess} */ { texts }) => one.fill(texts[0] ?? ""),
    };
  }
  const question = /** @type {any} */ (Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])));
  const blanks = numbers(question, root);
  const options = choice(question, root, labelledby);
  const guess = () => ({ texts: blanks.texts(), chosen: options.chosen() });
  return {
    guess,
    verdict: () => verdict(question, guess()),
    show: () => {
      blanks.show();
      options.show();
    },
    fill: (/** @type {Guess} */ { texts, chosen }) => {
      blanks.fill(texts);
      options.choose(chosen);
    },
    right: { texts: blanks.answers(), chosen: question.answer },
  };
}

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const [text, count] = [model.get("question"), model.get("veil")];
  const title = make("p", { class: "blanks-question", id: nextId("blank") }, text);
  const root = make("div", { class: "blanks", role: "group", "aria-labelledby": title.id }, title);
  const notice = make("p", { class: "blanks-notice", role: "status", "aria-live": "polite" });
  const kept = marks(model, (late) => (notice.textContent = late ? LATE : ""));
  const asks = asked(model, root, title.id);
  const status = make("p", { class: "blanks-status", role: "status", "aria-live": "polite" });
  const isOpen = () => kept.mark().solved || kept.mark().shown;
  let revealed = false;

  /** @param {string[]} sentences */
  const say = (...sentences) => (status.textContent = sentences.filter(Boolean).join(" "));
  const hidden = make("p", { class: "blanks-veil", id: nextId("blank") });
  const cells = count === 1 ? "The cell below is" : `The ${count} cells below are`;
  /** @param {boolean} veiled */
  const told = (veiled) => {
    const words = veiled ? `${cells} hidden until you have answered.` : "";
    if (hidden.textContent !== words) hidden.textContent = words;
  };
  const covered = veil(root, title.id, count, () => !isOpen(), told);
  const checkAll = () => {
    asks.show();
    const { right, complete, words } = asks.verdict();
    say(words);
    if (complete && !revealed) kept.tell(right ? "right" : "wrong", asks.guess());
    covered.apply();
  };
  const show = () => {
    revealed = !revealed;
    if (asks.right) asks.fill(revealed ? asks.right : { texts: [], chosen: "" });
    asks.show();
    reveal.textContent = revealed ? "Try again" : "Show me";
    say(revealed ? "This is the answer." : "", revealed ? model.get("why") : "");
    if (revealed) kept.tell("shown", null);
    covered.apply();
  };
  const reveal = button("Show me", show, { "aria-describedby": hidden.id });
  const buttons = make("div", { class: "blanks-buttons" }, button("Check", checkAll));
  if (asks.right) buttons.append(reveal);
  root.addEventListener("keydown", (/** @type {any} */ event) => {
    if (event.key === "Enter" && event.target.type === "text") checkAll();
  });
  root.append(buttons, status, notice, hidden);
  el.append(root);

  const { guess } = kept.mark();
  if (guess && !model.get("again")) {
    asks.fill(guess);
    asks.show();
    say(asks.verdict().words);
  }
  return () => {
    covered.end();
    kept.end();
  };
}

export default { render };
