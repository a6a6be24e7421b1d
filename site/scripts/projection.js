// Projection: larger type, no side bars, for a page that a whole room reads.
// A button, the key P, or ?project in the address; it lasts from page to page until it is left.

(() => {
  const root = document.documentElement;
  const KEY = "projection";
  const BELOW_HEADER = 8; // pixels
  let button = null;
  let going = false; // to another page: the browser leaves full screen by itself, the mode stays

  const on = () => "projection" in root.dataset;

  // What the reader looked at stays where it was while everything grows or shrinks.
  function keepingPlace(change) {
    const parts = document.querySelectorAll(".bd-article :is(h1, h2, h3, p, .cell)");
    const seen = scrollY > 0 && [...parts].find((part) => part.getBoundingClientRect().bottom > 0);
    const before = seen && seen.getBoundingClientRect().top;
    change();
    if (seen) scrollBy({ top: seen.getBoundingClientRect().top - before, behavior: "instant" });
  }

  function show(wanted) {
    if (wanted) root.dataset.projection = "";
    else delete root.dataset.projection;
    button?.setAttribute("aria-pressed", wanted);
    sessionStorage.setItem(KEY, wanted ? "on" : "off");
  }

  function toggle(wanted) {
    keepingPlace(() => show(wanted));
    // full screen is welcome and never needed: a browser may refuse it
    if (wanted) root.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  }

  // One screen further, or to the next heading if that is nearer: no line is skipped.
  function turn(direction) {
    const header = document.querySelector(".bd-header-article")?.getBoundingClientRect().bottom ?? 0;
    const top = Math.max(0, header) + BELOW_HEADER;
    const headings = [...document.querySelectorAll(".bd-article :is(h1, h2, h3)")];
    const ways = headings.map((heading) => (heading.getBoundingClientRect().top - top) * direction);
    const screen = 0.85 * (innerHeight - top);
    const way = Math.min(screen, ...ways.filter((distance) => distance > 2));
    scrollBy({ top: way * direction, behavior: "instant" });
  }

  const takesKeys = (target) => target.closest?.("input, textarea, select, dialog, [contenteditable]");

  function press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesKeys(event.target)) return;
    if (event.key.toLowerCase() === "p") toggle(!on());
    else if (!on()) return;
    else if (event.key === "Escape") toggle(false);
    else if (event.key === "PageDown") turn(1);
    else if (event.key === "PageUp") turn(-1);
    else return;
    event.preventDefault();
  }

  function addButton() {
    const icon = Object.assign(document.createElement("i"), { className: "fas fa-person-chalkboard" });
    icon.setAttribute("aria-hidden", "true");
    button = Object.assign(document.createElement("button"), {
      type: "button", className: "btn btn-sm pst-navbar-icon projection-button", title: "Projection (P)",
    });
    button.setAttribute("aria-label", "Projection");
    button.setAttribute("aria-keyshortcuts", "P");
    button.setAttribute("aria-pressed", on());
    button.append(icon);
    button.addEventListener("click", () => toggle(!on()));
    const beside = document.querySelector(".article-header-buttons");
    if (beside) beside.querySelector(".theme-switch-button")?.before(button) ?? beside.append(button);
    else document.body.append(button);
  }

  // A link asks for it; what the reader chose afterwards counts when the page is loaded again.
  const arrival = performance.getEntriesByType("navigation")[0]?.type ?? "navigate";
  const asked = arrival === "navigate" && new URLSearchParams(location.search).has("project");
  if (asked || sessionStorage.getItem(KEY) === "on") show(true);

  document.addEventListener("DOMContentLoaded", addButton);
  document.addEventListener("keydown", press);
  addEventListener("beforeunload", () => (going = true));
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && on() && !going) keepingPlace(() => show(false)); // by Escape
  });
})();
