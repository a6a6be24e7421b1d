// The contents say how much of each chapter a reader has answered.

import { make } from "../../figures/widgets/src/dom.js";
import { count } from "../../figures/widgets/src/progress.js";
import { listen, load } from "../../figures/widgets/src/store.js";

/** What each page asks: {"04_kernel_gradient": ["Q4.1", ..., "4.5"]}. @returns {Record<string, string[]>} */
export const bookNumbers = () => /** @type {any} */ (window).bookNumbers ?? {};

/** @param {string} address */
export const pageOf = (address) => address.replace(/[?#].*$/, "").replace(/^.*\/|\.html$/g, "");

export function contents() {
  const links = /** @type {HTMLAnchorElement[]} */ ([
    ...document.querySelectorAll(".bd-sidebar-primary nav a.internal"),
  ]);
  const places = links.flatMap((link) => {
    const address = link.getAttribute("href") === "#" ? location.href : link.href;
    const numbers = bookNumbers()[pageOf(address)];
    if (!numbers) return [];
    const place = make("span", { class: "answered" });
    link.append(place);
    return [{ place, numbers }];
  });
  const update = () => {
    const progress = load();
    for (const { place, numbers } of places) {
      const n = count(progress, numbers);
      const said = make("span", { class: "visually-hidden" }, `, ${n} of ${numbers.length} answered`);
      place.replaceChildren(...(n ? [make("span", { "aria-hidden": "true" }, `${n}/${numbers.length}`), said] : []));
    }
  };
  update();
  listen(update);
}
