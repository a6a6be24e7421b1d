// What is settled before a page is drawn and before any other script runs: storage that answers, the theme.

(() => {
  // A browser that keeps cookies out, or the frame of a learning platform, refuses storage or has none: then
  // memory stands in, and everything works until the page is left.
  // Its entries are properties, as a browser's are.
  class Memory {
    getItem(name) {
      return Object.hasOwn(this, name) ? this[name] : null;
    }
    setItem(name, value) {
      this[name] = String(value);
    }
    removeItem(name) {
      delete this[name];
    }
  }
  for (const name of ["localStorage", "sessionStorage"])
    try {
      window[name].setItem("probe", "");
      window[name].removeItem("probe");
    } catch {
      Object.defineProperty(window, name, { value: new Memory(), configurable: true });
    }

  // The theme's own script would find out too late what the reader's system wants.
  const { dataset } = document.documentElement;
  const chosen = localStorage.getItem("mode");
  dataset.mode = ["light", "dark"].includes(chosen) ? chosen : "auto";
  const dark = dataset.mode === "dark" || (dataset.mode === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  dataset.theme = dark ? "dark" : "light";
})();
