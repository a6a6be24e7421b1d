// Veils on the site: which are closed is a style (site/scripts/veil.js); here they are kept from those who listen or
// use the keyboard, and opened.

import { button, make } from "../../figures/widgets/src/dom.js";
import { markOf } from "../../figures/widgets/src/progress.js";
import { listen, load, record } from "../../figures/widgets/src/store.js";

/** @returns {HTMLElement[]} */
const all = () => [...document.querySelectorAll(/** @type {"div"} */ (".veil"))];
const numberOf = (/** @type {HTMLElement} */ veil) => veil.dataset.question ?? "";

function update() {
  for (const veil of all()) {
    const { solved, shown } = markOf(load(), numberOf(veil));
    if (solved || shown) veil.dataset.opened = "";
    veil.querySelector(".veil-content")?.toggleAttribute("inert", !("opened" in veil.dataset));
  }
}

/** Show what is below, and go there. @param {HTMLElement} veil */
function show(veil) {
  record(numberOf(veil), "shown", null);
  const content = /** @type {HTMLElement | null} */ (veil.querySelector(".veil-content"));
  content?.setAttribute("tabindex", "-1");
  content?.focus({ preventScroll: true });
}

/** What the address points at; `:target` is not known yet while the page is read. A name may carry an explorer's state. */
function target() {
  try {
    const name = decodeURIComponent(location.hash.slice(1));
    return document.getElementById(name) ?? document.getElementById(name.replace(/(\.\d+)?:.*$/, ""));
  } catch {
    return null; // a stray % points at nothing
  }
}

/** What an address points at is not hidden from who asks for it. */
function openTarget() {
  const veil = target()?.closest(".veil");
  if (!(veil instanceof HTMLElement) || "opened" in veil.dataset) return;
  veil.dataset.opened = "";
  update();
  target()?.scrollIntoView({ behavior: "instant" });
}

export function veils() {
  if (!all().length) return;
  for (const veil of all()) {
    const bar = veil.querySelector(".veil-bar");
    bar?.replaceChildren(
      make("span", {}, "Hidden until you have answered. "),
      button("Show me", () => show(veil)),
    );
  }
  update();
  openTarget();
  addEventListener("hashchange", openTarget);
  listen(update);
}
