// What a reader has done to an explorer stands in the page's address, so that it can be sent:
//     05_input_gradient.html#gather-a-pixel-asks-who-read-it:cell=dx[1,1]&step=5
// An explorer is called by the section it stands in, a second one there section.2. Only what differs from its start is written.

(() => {
  const MOST_EDITS = 12; // cells; a longer address is cut by mail programs
  const known = new Map(); // name -> {root, explorer, start, reserve, written}

  // By the code that makes them, not by what is drawn: a widget may come to the page late.
  const nameOf = (root) => {
    const section = root.closest("section[id]");
    if (!section) return "explorer";
    const makes = (cell) => /\bexplore\(/.test(cell.querySelector(".cell_input")?.textContent);
    const n = [...section.querySelectorAll(".cell")].filter(makes).indexOf(root.closest(".cell"));
    return n > 0 ? `${section.id}.${n + 1}` : section.id;
  };

  // ---------------------------------------------------------------- an explorer's state as texts
  // The numbers it opened with, an example laid over them: what was edited differs from these.
  function ground({ explorer, reserve }) {
    const { laidInto } = explorer.constructor.parts;
    const preset = explorer.model.get("presets").find(({ name }) => name === explorer.preset) ?? {};
    const under = (name) => (preset[name] ? laidInto(reserve[name], preset[name]) : reserve[name]);
    return Object.fromEntries(["x", "w", "dy"].map((name) => [name, under(name)]));
  }

  function state(one) {
    const { explorer } = one;
    const { OPTIONS, SUMS, cellsOf, entry, keyOf, shapeOf } = explorer.constructor.parts;
    const texts = { cell: explorer.pinned };
    OPTIONS.forEach((name, n) => (texts[name] = [...new Set(explorer.axes.map((axis) => axis[n]))].join(",")));
    texts.sort = SUMS[explorer.by].word;
    texts.step = explorer.step ?? "";
    texts.count = explorer.base;
    texts.open = [...explorer.opened].join(";");
    texts.numbers = explorer.preset;
    for (const [name, array] of Object.entries(ground(one)))
      for (const at of cellsOf(shapeOf(array))) {
        const now = entry(explorer.reserve[name], at);
        if (now !== entry(array, at)) texts[keyOf(name, at)] = now;
      }
    return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, String(value)]));
  }

  // Set the state; what is not possible is left out, and the explorer says so.
  function restore(one, changes) {
    const { explorer } = one;
    const { OPTIONS, SUMS, NUMBER } = explorer.constructor.parts;
    const wanted = { ...one.start, ...changes };
    const wrong = new Set(Object.keys(changes));
    // what the address does not name is as it was at first, and that is always possible
    const may = (name, possible) => (possible || !(name in changes)) && (wrong.delete(name), true);
    const whole = (text, most) => /^\d+$/.test(text) && Number(text) <= most;

    const example = explorer.model.get("presets").some(({ name }) => name === wanted.numbers);
    explorer.preset = may("numbers", example) ? wanted.numbers : "";
    explorer.reserve = ground(one);
    for (const key of [...wrong]) {
      const number = NUMBER.test(changes[key]) ? Number(changes[key]) : NaN;
      const small = Math.abs(number) <= explorer.model.get("most_value");
      const cell = explorer.has("edit") && /^(x|w|dy)\[/.test(key);
      if (cell && small && explorer.write(key, number)) wrong.delete(key);
    }
    explorer.base = may("count", explorer.has("labels") && whole(wanted.count, 1)) ? Number(wanted.count) : 0;
    explorer.opened.clear();
    const axis = (k) => OPTIONS.map((name) => wanted[name].split(",")).map((texts) => texts[k] ?? texts[0]);
    const axes = explorer.axes.map((_, k) => axis(k).map((text) => (whole(text, 99) ? Number(text) : text)));
    if (explorer.adopt(axes)) OPTIONS.forEach((name) => wrong.delete(name));
    else explorer.adopt(explorer.axes);

    const sortable = explorer.show.includes("table") || explorer.has("steps");
    const column = Object.keys(SUMS).find((name) => SUMS[name].word === wanted.sort);
    if (may("sort", sortable && column)) explorer.by = column;
    const step = may("step", explorer.has("steps") && whole(wanted.step, explorer.rows.length));
    explorer.step = step && wanted.step ? Number(wanted.step) : null;
    const opened = wanted.open.split(";").filter(Boolean);
    const closed = opened.every((key) => explorer.cells.has(key) && explorer.closed(key));
    if (may("open", closed)) opened.forEach((key) => explorer.opened.add(key));
    const cell = explorer.cells.get(wanted.cell);
    if (may("cell", !wanted.cell || cell?.dataset.key)) explorer.pin(cell ? wanted.cell : "");
    explorer.hovered = "";
    explorer.refresh();
    explorer.tell();
    const left = [...wrong].map((name) => `${name}=${changes[name]}`).join(", ");
    if (left) explorer.alert.textContent = `Left out, because it is not possible here: ${left}.`;
  }

  // ---------------------------------------------------------------- the address
  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text; // a stray % is a text like any other
    }
  };

  // [name of an explorer, what differs]; an ordinary anchor such as #eq-5-3 has no colon.
  function asked() {
    const [, name, rest] = location.hash.match(/^#([^:]+):(.*)$/) ?? [];
    const pairs = (rest ?? "").split("&").filter(Boolean).map((pair) => pair.split("="));
    return [name && decoded(name), Object.fromEntries(pairs.map(([key, ...value]) => [decoded(key), decoded(value.join("="))]))];
  }

  const safe = (text) => text.replace(/[%&=#\s"<>`]/g, encodeURIComponent);

  // [what stands behind the page's address, whether edited cells were too many for it]
  function address(name) {
    const one = known.get(name);
    const changed = Object.entries(state(one)).filter(([key, value]) => value !== (one.start[key] ?? ""));
    const edits = changed.filter(([key]) => !(key in one.start));
    const kept = edits.length > MOST_EDITS ? changed.filter((pair) => !edits.includes(pair)) : changed;
    const texts = kept.map(([key, value]) => `${safe(key)}=${safe(value)}`);
    return [`#${name}${texts.length ? ":" : ""}${texts.join("&")}`, kept !== changed];
  }

  function write(name) {
    const one = known.get(name);
    const [now] = address(name);
    if (now === one.written) return;
    one.written = now;
    try {
      history.replaceState(history.state, "", now);
    } catch {
      // an address that the browser keeps for itself; the button still tells it
    }
  }

  function arrive(name, changes) {
    const one = known.get(name);
    restore(one, changes);
    one.written = address(name)[0];
    one.root.scrollIntoView({ behavior: "instant" });
  }

  // ---------------------------------------------------------------- the button
  function button(name, root) {
    const box = document.createElement("div");
    box.className = "explorer-buttons explorer-link";
    box.innerHTML = `<button type="button">Copy a link to this state</button>
      <input type="text" readonly hidden aria-label="link to this state"><span role="status"></span>`;
    const [press, field, said] = box.children;
    press.addEventListener("click", async () => {
      const [hash, cut] = address(name);
      const link = location.href.replace(/#.*$/, "") + hash;
      const but = cut ? " It leaves out the numbers you typed: they are too many." : "";
      field.hidden = true;
      said.textContent = "";
      try {
        await navigator.clipboard.writeText(link);
        said.textContent = `The link is copied.${but}`;
      } catch {
        Object.assign(field, { value: link, hidden: false });
        field.select();
        said.textContent = `Copy the link from this field.${but}`;
      }
    });
    root.append(box);
  }

  // ---------------------------------------------------------------- what is heard
  let later;
  document.addEventListener("explorer-state", ({ target: root }) => {
    let [name] = [...known].find(([, one]) => one.root === root) ?? [];
    if (name) {
      clearTimeout(later); // a browser takes only so many new addresses in a second
      later = setTimeout(() => write(name), 300);
      return;
    }
    name = nameOf(root);
    const one = { root, explorer: root.explorer, reserve: root.explorer.reserve };
    known.set(name, one);
    one.start = state(one);
    one.written = address(name)[0];
    button(name, root);
    const [wanted, changes] = asked();
    if (wanted === name) arrive(name, changes);
  });

  const follow = () => {
    const [name, changes] = asked();
    if (known.has(name)) arrive(name, changes);
    else if (name) document.getElementById(name.replace(/\.\d+$/, ""))?.scrollIntoView(); // it comes to the page when it is seen
  };
  addEventListener("hashchange", follow);
  document.addEventListener("DOMContentLoaded", follow);
})();
