// What a test asks a finished page. Each check returns complaints in words: none is the answer wanted.
window.crawl = (() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const brief = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 110);
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 1;
  const say = (words, elements) => elements.map((element) => `${words}: ${brief(element)}`);
  const style = (element) => getComputedStyle(element);

  // the one place that knows how a widget comes into a page: before the script that names it
  const missingWidgets = () => all('script[type$="widget-view+json"]').filter(({ previousElementSibling: shown }) =>
    !shown?.matches("div") || !shown.innerText || shown.getBoundingClientRect().height < 10);
  const unset = () => all(".math:not(:has(mjx-container))");
  // What is veiled or folded has no text yet: to wait for it would be to wait in vain.
  const ready = () =>
    missingWidgets().filter(({ parentElement: place }) => place.checkVisibility()).length + unset().length === 0;

  // Playwright's own waiting needs eval, which the pages forbid.
  async function until(holds, patience) {
    for (const end = Date.now() + patience; Date.now() < end; await new Promise((done) => setTimeout(done, 50)))
      if (holds()) return true;
    return false;
  }

  // Two frames, in which the page hears of a scroll or a new theme, and the end of what then moves.
  async function settled() {
    for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
    const ends = (animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime);
    const moving = document.getAnimations().filter((one) => one.playState === "running" && ends(one));
    await Promise.all(moving.map(({ finished }) => finished.catch(() => {})));
  }

  /** The top, also where a smooth scroll that was under way goes on for a frame. */
  async function top() {
    do {
      scrollTo({ top: 0, behavior: "instant" });
      await settled();
    } while (scrollY);
  }

  // how far the text moved by itself, from the first paint on; what a look changes is asked before
  let moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ hadRecentInput, value }) => (moved += hadRecentInput ? 0 : value)))
    .observe({ type: "layout-shift", buffered: true });
  const jumps = () => (moved < 0.1 ? [] : [`jumps while it comes: its layout shift is ${moved.toFixed(2)}`]);

  const widgets = () => say("shows nothing for the widget", missingWidgets());

  function formulas() {
    const texts = document.createTreeWalker(document.querySelector("article") ?? document.body, NodeFilter.SHOW_TEXT);
    const raw = [];
    while (texts.nextNode())
      if (/\$\$|\\[([]|\\(tag|frac|sum|partial)\b/.test(texts.currentNode.data)
        && !texts.currentNode.parentElement.closest("pre, code, script, style, mjx-container")) raw.push(texts.currentNode.parentElement);
    return [...say("does not typeset", unset()), ...say("typesets an error", all("mjx-merror, [data-mjx-error]")),
      ...say("shows raw TeX", raw)];
  }

  function outline() {
    const levels = all(":is(h1, h2, h3, h4, h5, h6)").filter(seen).map((heading) => Number(heading.tagName[1]));
    const wrong = levels.flatMap((level, k) => (k && level > levels[k - 1] + 1 ? [`has a heading ${level} under a heading ${levels[k - 1]}`] : []));
    if (levels.filter((level) => level === 1).length !== 1 || levels[0] !== 1) wrong.push(`has the headings ${levels}: not one h1, and first`);
    if (!document.documentElement.lang) wrong.push("says no language");
    if (!document.title.trim()) wrong.push("has no title");
    return wrong;
  }

  const pictures = () => all("main img:not(.toggler)").flatMap((img) => [
    ...(img.alt.trim().length < 20 ? [`has a picture without an alt text, or with too short a one: ${brief(img)}`] : []),
    ...(img.complete && !img.naturalWidth ? [`cannot show the picture ${brief(img)}`] : []),
  ]);

  // Can all of an element be brought into sight? Upwards through every box that clips it or scrolls.
  function reachable(element) {
    let { left, right } = element.getBoundingClientRect();
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
      const overflow = style(box).overflowX;
      if (overflow === "visible" || style(box).display === "inline") continue;
      const frame = box.getBoundingClientRect();
      const start = frame.left + box.clientLeft - (overflow === "hidden" || overflow === "clip" ? 0 : box.scrollLeft);
      const end = start + (overflow === "hidden" || overflow === "clip" ? box.clientWidth : box.scrollWidth);
      if (left < start - 1.5 || right > end + 1.5) return false;
      ({ left, right } = frame);
    }
    return left > -1.5 && right < innerWidth + 1.5;
  }
  const sideways = () => {
    const { scrollWidth } = document.documentElement;
    return scrollWidth > innerWidth ? [`scrolls sideways: ${scrollWidth} of ${innerWidth} pixels`] : [];
  };
  const cutOff = () => say("cuts off", all("article :is(mjx-math, table, pre, img, p, li, h1, h2, h3, input, button, select, label, summary, svg, canvas)")
    .filter((element) => seen(element) && !element.closest("svg svg, .dropdown-menu, mjx-assistive-mml, .visually-hidden") && !reachable(element)));

  // Where Tab stops in the article, by kind, without pressing: a group of radio buttons is one stop, what is inert or
  // unseen is none.
  function stops() {
    const groups = new Set();
    return all("article :is(a[href], button, input, select, textarea, summary, [tabindex], iframe)").filter((at) => {
      const open = at.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false });
      if (at.tabIndex < 0 || at.disabled || at.closest("[inert]") || !open) return false;
      if (at.type !== "radio") return true;
      const fresh = !groups.has(at.name);
      groups.add(at.name);
      return fresh;
    }).map((at) => `${at.localName}.${at.className.split?.(" ")[0] || at.type || ""}`);
  }
  const manyStops = () => {
    const [met, most] = [stops(), 150];
    const counts = Object.entries(Object.groupBy(met, (kind) => kind)).map(([kind, { length }]) => `${length} ${kind}`);
    return met.length > most ? [`stops Tab ${met.length} times, not ${most}: ${counts}`] : [];
  };

  // Every kind of thing that takes the focus looks different when it has it. (Call after a Tab: only then
  // does the browser mark what a script focuses.)
  function focus() {
    const kinds = new Map();
    const stops = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";
    for (const stop of all(stops).filter(seen)) kinds.set(`${stop.tagName}.${stop.className}.${stop.type}`, stop);
    const look = (stop) => ["outlineStyle", "outlineWidth", "boxShadow", "backgroundColor", "borderColor", "textDecoration"]
      .map((name) => style(stop)[name] + style(stop.parentElement)[name]).join();
    const still = document.head.appendChild(document.createElement("style"));
    still.textContent = "*, ::before, ::after { transition: none !important; animation: none !important; }";
    const wrong = [...kinds.values()].filter((stop) => {
      stop.blur();
      const before = look(stop);
      stop.focus({ preventScroll: true });
      return document.activeElement === stop && look(stop) === before;
    });
    document.activeElement.blur();
    still.remove();
    return say("does not show the focus of", wrong);
  }

  // A number for what a flipbook shows: its pixels, and its words.
  async function looks(flipbook) {
    const img = flipbook.querySelector("img");
    await img.decode().catch(() => {});
    const [width, height] = [img.naturalWidth || 1, img.naturalHeight || 1];
    const pen = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    pen.drawImage(img, 0, 0);
    const pixels = new Uint32Array(pen.getImageData(0, 0, width, height).data.buffer);
    return { pixels: pixels.reduce((sum, pixel, k) => (sum + (pixel ^ k)) % 4294967291, 0), alt: img.alt };
  }
  // What it shows as soon as that is another picture, or what it shows after a second.
  async function looksAfter(flipbook, before) {
    for (let wait = 0; wait < 50; wait++) {
      const now = await looks(flipbook);
      if (now.pixels !== before.pixels) return now;
      await new Promise((done) => setTimeout(done, 20));
    }
    return looks(flipbook);
  }

  // Programs whose words have colours, on a ground, that the words of programs before them have. Sentences, which
  // the page breaks, are left: as one text they would not be.
  function alike() {
    const known = new Set();
    return all("pre:not(:has(.sentence))").filter(seen).filter((program) => {
      let ground = style(program).fontSize;
      for (let box = program; box; box = box.parentElement) ground += style(box).backgroundColor;
      const looks = [program, ...program.querySelectorAll("*")].map((word) =>
        ["color", "backgroundColor", "fontWeight", "opacity"].map((name) => style(word)[name]).join() + ground
          + (word.textContent.trim().length > 1)); // axe lets single letters pass
      const fresh = looks.filter((look) => !known.has(look));
      fresh.forEach((look) => known.add(look));
      return !fresh.length;
    });
  }

  // Nine of ten elements are the letters that draw a formula, the MathML that says it, and the coloured words
  // of programs. axe takes its time for each: while it runs a formula is an empty box of its size with one text
  // to be heard, and a program in known colours is one text.
  async function thinned(run) {
    const boxes = all("mjx-math").map((math) => {
      const { width, height } = math.getBoundingClientRect();
      const box = document.createElement("span");
      box.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
      return [math, box];
    });
    const texts = [...all("mjx-assistive-mml"), ...alike()].map((element) => [element, element.textContent]);
    const undo = [...boxes, ...texts].map(([element, instead]) => {
      const parts = [...element.childNodes];
      element.replaceChildren(instead);
      return () => element.replaceChildren(...parts);
    });
    try {
      return await run();
    } finally {
      undo.forEach((back) => back());
    }
  }

  // What is veiled is opened first: what moves out of sight never comes to rest.
  const unfold = () => {
    all(".veil").forEach((veil) => { veil.dataset.opened = ""; veil.querySelector(".veil-content").inert = false; });
    all("details").forEach((details) => { details.open = true; });
  };
  const links = () => [...new Set(all("a[href]").map((link) => link.href))];
  const ids = () => all("[id]").map((element) => element.id);
  const text = () => document.querySelector("article, main")?.innerText ?? "";
  return { ready, until, settled, top, jumps, widgets, formulas, outline, pictures, sideways, cutOff, stops, manyStops, focus, looks, looksAfter, thinned, unfold, links, ids, text };
})();
