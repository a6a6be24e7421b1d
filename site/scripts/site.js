// What the theme leaves undone for readers who use the keyboard or listen to the page.

const SCROLLING =
  ".bd-article :is(pre, mjx-container[display], .output, .text_html > div, .pst-scrollable-table-container, .picture)";

const KINDS = { Picture: ".picture", Table: ":has(table)", Formula: "mjx-container, :has(mjx-container)", Code: "*" };

// A box that scrolls can be reached by Tab and says so; one that fits is no stop on the way.
function offerScrolling(box) {
  const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  const kind = Object.keys(KINDS).find((one) => box.matches(KINDS[one]));
  const wanted = { tabindex: "0", role: "group", "aria-label": `${kind}, scrolls` };
  for (const [name, value] of Object.entries(wanted))
    scrolls ? box.setAttribute(name, value) : box.removeAttribute(name);
  fade({ target: box });
}

// The right edge of a box fades as long as there is more beyond it.
function fade({ target: box }) {
  if (box.matches?.(SCROLLING)) box.toggleAttribute("data-more", box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
}
document.addEventListener("scroll", fade, { capture: true, passive: true });

// The corner of a table with headings on two sides heads nothing: it is an empty cell.
function emptyCorner(th) {
  const cell = document.createElement("td");
  cell.className = th.className;
  th.replaceWith(cell);
}

// The text is seen before the scripts that show widgets are even fetched. In a tab that nobody sees there is nothing to wait for.
const fetched = (later) => new Promise((done) => {
  const script = Object.assign(document.createElement("script"), { src: later.src, async: false });
  script.onload = script.onerror = done;
  later.replaceWith(script);
});
const shown = document.hidden ? setTimeout : requestAnimationFrame;
const drawn = () => new Promise((done) => shown(() => setTimeout(done)));
window.later = drawn().then(() => Promise.all([...document.querySelectorAll("script[type=later]")].map(fetched)));

// Bootstrap's scroll spy asks for the layout of every section at once: in a task of its own, not within that of the
// page's load, where the theme begins.
document.addEventListener("DOMContentLoaded", () => {
  const { bsSpy } = document.body.dataset;
  delete document.body.dataset.bsSpy;
  const spy = () => setTimeout(() => window.bootstrap?.ScrollSpy.getOrCreateInstance(document.body));
  if (bsSpy) addEventListener("load", spy);
});

// Widgets are larger than what stood in their place: what the address points at is found
// again, unless the reader has moved on.
let moved = false;
for (const event of ["wheel", "touchmove", "keydown", "pointerdown"])
  addEventListener(event, () => (moved = true), { once: true, passive: true });
const findAgain = () => moved || document.querySelector(":target")?.scrollIntoView({ behavior: "instant" });
window.complete = window.later.then(() => window.widgets);
window.complete.then(drawn).then(findAgain).then(() => document.fonts.ready).then(drawn).then(findAgain);

// The theme writes these into its pages, which hold no scripts: see site/build/policy.py.
const DOES = {
  ".btn-download-pdf-button": () => print(),
  ".btn-fullscreen-button": () => window.toggleFullScreen?.(),
  ".highlight-link a": () => SphinxHighlight.hideSearchWords(),
};
document.addEventListener("click", (event) => {
  const selector = Object.keys(DOES).find((one) => event.target.closest?.(one));
  if (!selector) return;
  if (selector.endsWith(" a")) event.preventDefault();
  DOES[selector]();
});

document.addEventListener("DOMContentLoaded", () => {
  const all = (selector) => document.querySelectorAll(selector);
  // the words to be seen are the name: a second, hidden name would be told instead of them
  document.querySelector(".search-button-field")?.removeAttribute("aria-label");
  for (const head of all(".bd-article thead")) if (!head.textContent.trim()) head.remove();
  for (const th of all(".bd-article th")) if (!th.textContent.trim()) emptyCorner(th);
  // a heading's own address is in the contents beside the page, which Tab reaches: once is enough
  for (const link of all(".headerlink")) link.tabIndex = -1;
  // the title and the search button above the contents belong to a landmark, too
  const sidebar = document.getElementById("pst-primary-sidebar");
  sidebar?.setAttribute("role", "region");
  sidebar?.setAttribute("aria-label", "The book");
  // a folded box has no size; it is asked again when it is opened, and when the window changes
  const watch = new ResizeObserver((seen) => seen.forEach(({ target }) => offerScrolling(target)));
  for (const box of all(SCROLLING)) watch.observe(box);
});
