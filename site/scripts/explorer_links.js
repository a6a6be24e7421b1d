// What a reader has done to an explorer stands in the page's address, so that it can be sent:
//     05_input_gradient.html#gather-one-pixel-at-a-time:cell=dx[1,1]&step=5
// An explorer is called by the section it stands in, a second one there section.2. Only what differs
// from its start is written. A change is a step of the browser's history: Back takes it back.

(() => {
  const MOST_EDITS = 12; // cells; a longer address is cut by mail programs
  const MOST_LETTERS = 4000; // of an address: what is longer was not written here
  const known = new Map(); // name -> {root, explorer, written, asked}
  const pushed = []; // who made each entry of the history, counted from where the page began
  let shown = {}; // name -> texts of every explorer, as the present entry has them
  let now = history.state?.entry ?? 0; // the number of the present entry

  // By the code that makes them where the page has it: a widget may come late. A question has no code and is none.
  const nameOf = (root) => {
    const section = root.closest("section[id]");
    if (!section) return "explorer";
    const makes = (cell) => {
      const code = cell.querySelector(".cell_input");
      if (code) return /\bexplore\(/.test(code.textContent);
      return !cell.matches(".tag_ask") && cell.querySelector('.explorer, script[type$="widget-view+json"]');
    };
    const n = [...section.querySelectorAll(".cell")].filter(makes).indexOf(root.closest(".cell"));
    return n > 0 ? `${section.id}.${n + 1}` : section.id;
  };

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
    if (location.hash.length > MOST_LETTERS) return ["", {}];
    const [, name, rest] = location.hash.match(/^#([^:]+):(.*)$/) ?? [];
    const pairs = (rest ?? "").split("&").filter(Boolean).map((pair) => pair.split("="));
    return [name && decoded(name), Object.fromEntries(pairs.map(([key, ...value]) => [decoded(key), decoded(value.join("="))]))];
  }

  const safe = (text) => text.replace(/[%&=#\s"<>`]/g, encodeURIComponent);

  // [what stands behind the page's address, whether edited cells were too many for it]
  function address(name) {
    const all = Object.entries(known.get(name).explorer.texts());
    const plain = all.filter(([key]) => !/^(x|w|dy)\[/.test(key));
    const cut = all.length - plain.length > MOST_EDITS;
    const texts = (cut ? plain : all).map(([key, value]) => `${safe(key)}=${safe(value)}`);
    return [`#${name}${texts.length ? ":" : ""}${texts.join("&")}`, cut];
  }

  // A change that lasts is a new entry of the history; looking around is written over the present one.
  function write(name, lasts) {
    const one = known.get(name);
    const [hash] = address(name);
    if (hash === one.written) return;
    one.written = hash;
    const next = { ...shown, [name]: one.explorer.texts() };
    try {
      if (lasts) {
        history.replaceState({ explorers: shown, entry: now }, "");
        now += 1;
        pushed.length = now;
        pushed[now] = name;
        history.pushState({ explorers: next, entry: now }, "", hash);
      } else history.replaceState({ explorers: next, entry: now }, "", hash);
    } catch {
      // an address that the browser keeps for itself; the button still tells it
    }
    shown = next;
  }

  function set(name, texts) {
    const one = known.get(name);
    one.explorer.restore(texts);
    one.written = address(name)[0];
    shown = { ...shown, [name]: one.explorer.texts() };
  }

  function arrive(name, changes) {
    set(name, changes);
    known.get(name).asked = true;
    known.get(name).root.scrollIntoView({ behavior: "instant" });
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
    const foot = root.querySelector(".explorer-foot");
    foot.insertBefore(box, foot.querySelector(".explorer-listing"));
  }

  // ---------------------------------------------------------------- what is heard
  const called = (root) => [...known].find(([, one]) => one.root === root)?.[0];
  let later;
  document.addEventListener("explorer-state", ({ target: root, detail }) => {
    const old = called(root);
    if (old) {
      clearTimeout(later); // a browser takes only so many new addresses in a second
      if (detail.lasts) write(old, true);
      else later = setTimeout(() => write(old, false), 300);
      return;
    }
    const name = nameOf(root);
    known.set(name, { root, explorer: root.explorer });
    known.get(name).written = address(name)[0];
    shown = { ...shown, [name]: root.explorer.texts() };
    button(name, root);
    const [wanted, changes] = asked();
    if (wanted === name) arrive(name, changes);
  });

  // Undo is the browser's Back where the last change was this explorer's, and redo its Forward.
  document.addEventListener("explorer-travel", (event) => {
    const back = event.detail === "undo";
    if (pushed[back ? now : now + 1] !== called(event.target)) return;
    event.preventDefault();
    back ? history.back() : history.forward();
  });

  addEventListener("popstate", ({ state }) => {
    const [name, changes] = asked();
    if (state?.explorers) {
      now = state.entry;
      for (const [one, texts] of Object.entries(state.explorers))
        if (known.has(one) && JSON.stringify(known.get(one).explorer.texts()) !== JSON.stringify(texts)) set(one, texts);
      shown = state.explorers;
      return;
    }
    now = pushed.length; // an entry that a link has made
    pushed.length = now + 1;
    if (known.has(name)) arrive(name, changes);
    else if (name) document.getElementById(name.replace(/\.\d+$/, ""))?.scrollIntoView(); // it comes to the page when it is seen
    else
      for (const [one, { asked: byLink }] of known)
        if (byLink) {
          set(one, {}); // back to an address without a state
          known.get(one).asked = false;
        }
  });
  document.addEventListener("DOMContentLoaded", () => {
    const [name] = asked();
    if (name && !known.has(name)) document.getElementById(name.replace(/\.\d+$/, ""))?.scrollIntoView();
  });
})();
