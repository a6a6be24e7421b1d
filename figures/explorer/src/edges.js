// What goes on beyond the edge of a box says so there, as long as there is more.

/** @param {any} box */
export function ends(box) {
  box.classList.toggle("explorer-more-below", box.scrollTop + box.clientHeight < box.scrollHeight - 2);
  box.classList.toggle("explorer-more-right", box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
  box.onscroll ??= () => ends(box);
}
