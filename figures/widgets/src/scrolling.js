// A picture that is wider than its room keeps its size, so that its words can be read, and is moved by a finger or,
// as a stop of the Tab key, by the arrow keys. Its edge says as long as it goes on beyond the right (live.css).

import { focusable } from "./dom.js";

const REACHED = { ...focusable, tabindex: "0", role: "group", "aria-label": "Picture, scrolls" };

/** @param {HTMLElement} box @returns {() => void} ends the watch */
export function scrolling(box) {
  const tell = () => {
    const beyond = box.scrollWidth - box.clientWidth;
    for (const [name, value] of Object.entries(REACHED))
      beyond > 0 ? box.setAttribute(name, value) : box.removeAttribute(name);
    box.toggleAttribute("data-more", box.scrollLeft < beyond - 2);
  };
  const watch = new ResizeObserver(tell);
  watch.observe(box);
  box.addEventListener("scroll", tell, { passive: true });
  return () => watch.disconnect();
}
