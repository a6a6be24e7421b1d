// In JupyterLab: the cells below a question are not seen until it is answered. They are there, and they run; only
// their view is veiled. Other places (a printed page, nbconvert, a tab without this script) know no veil.

const LATER = 200; // ms: a new output is not yet in the page when it is rendered

/** The place of a cell in its notebook, whose page may hold only the cells near the screen. @param {HTMLElement} cell */
const place = (cell) => Number(cell.dataset.windowedListIndex ?? cells(cell).indexOf(cell));

/** @param {HTMLElement} cell @returns {HTMLElement[]} */
const cells = (cell) =>
  [...(cell.parentElement?.children ?? [])].flatMap((one) =>
    one instanceof HTMLElement && one.classList.contains("jp-Cell") ? [one] : [],
  );

/** A cell is veiled while any question asks it to be. @param {HTMLElement} cell @param {string} by @param {boolean} veiled */
function cover(cell, by, veiled) {
  const names = new Set((cell.dataset.veiled ?? "").split(" ").filter(Boolean));
  if (names.has(by) === veiled) return;
  veiled ? names.add(by) : names.delete(by);
  if (names.size) cell.dataset.veiled = [...names].join(" ");
  else delete cell.dataset.veiled;
  for (const part of cell.children) part.toggleAttribute("inert", names.size > 0);
}

/** Veil the `count` cells below the one that holds `element`, for as long as `closed()`; `told` hears whether.
 * @param {HTMLElement} element @param {string} name @param {number} count @param {() => boolean} closed
 * @param {(veiled: boolean) => void} told */
export function veil(element, name, count, closed, told) {
  let timer = 0;
  let own = /** @type {HTMLElement | null} */ (null);
  const covered = new Set(/** @type {HTMLElement[]} */ ([]));
  const apply = () => {
    if (!own) return;
    told(closed());
    const first = place(own);
    const wanted = new Set(
      closed() ? cells(own).filter((cell) => place(cell) > first && place(cell) <= first + count) : [],
    );
    for (const cell of covered) if (!wanted.has(cell) && (cell.isConnected || !closed())) lift(cell);
    for (const cell of wanted) {
      cover(cell, name, true);
      covered.add(cell);
    }
  };
  /** @param {HTMLElement} cell */
  const lift = (cell) => {
    cover(cell, name, false);
    covered.delete(cell);
  };
  // cells come and go as the reader scrolls, and move when one is added
  const [observer, places] = [new MutationObserver(apply), new MutationObserver(apply)];
  const begin = () => {
    own = element.closest(".jp-NotebookPanel .jp-Cell");
    if (!own?.parentElement) {
      timer = window.setTimeout(begin, LATER);
      return;
    }
    observer.observe(own.parentElement, { childList: true });
    places.observe(own.parentElement, { subtree: true, attributeFilter: ["data-windowed-list-index"] });
    apply();
  };
  if (count) begin();
  const end = () => {
    clearTimeout(timer);
    observer.disconnect();
    places.disconnect();
    for (const cell of covered) lift(cell);
  };
  return { apply, end };
}
