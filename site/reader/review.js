// The page that asks again: of all the book's questions those that were missed, and how far the reader is.

import { make } from "../../figures/widgets/src/dom.js";
import { count } from "../../figures/widgets/src/progress.js";
import { listen, load } from "../../figures/widgets/src/store.js";
import { bookNumbers, pageOf } from "./contents.js";

/** @returns {HTMLElement[]} */
const items = () => [...document.querySelectorAll(/** @type {"div"} */ (".review-item"))];

/** @param {HTMLElement} place */
function summary(place) {
  const progress = load();
  const chapters = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("article h2 a.internal")]);
  const rows = chapters.flatMap((link) => {
    const numbers = bookNumbers()[pageOf(link.href)] ?? [];
    if (!numbers.length) return [];
    const missed = numbers.filter((number) => progress.missed.includes(number));
    const cells = [`${count(progress, numbers)} of ${numbers.length}`, missed.join(", ") || "nothing"];
    const head = make("th", { scope: "row" }, make("a", { href: link.href }, link.textContent ?? ""));
    return [make("tr", {}, head, ...cells.map((text) => make("td", {}, text)))];
  });
  const names = ["chapter", "answered", "to be asked again"].map((name) => make("th", { scope: "col" }, name));
  place.replaceChildren(
    make("table", { class: "table" }, make("thead", {}, make("tr", {}, ...names)), make("tbody", {}, ...rows)),
  );
}

export function review() {
  const place = document.getElementById("review-progress");
  if (!place) return;
  const { missed } = load();
  for (const item of items()) {
    // what is not asked is taken away before its widget would be shown
    if (missed.includes(item.dataset.number ?? "")) item.hidden = false;
    else item.remove();
  }
  summary(place);
  listen(() => summary(place));
}
