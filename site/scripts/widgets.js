// Shows the widgets of a page without a kernel. Each is an anywidget: a JavaScript module whose
// render({ model, el }) draws what a model holds. Here is that model, on the state that is stored beside the page:
// a script, because a page that is opened as a file may not fetch anything else.

class Model {
  #values;
  #heard = new Map(); // event: callbacks

  constructor(values, buffers) {
    this.#values = values;
    for (const { path, data } of buffers) store(values, path, data);
  }
  get(name) {
    return this.#values[name];
  }
  set(name, value) {
    if (typeof name === "object") return Object.entries(name).forEach((pair) => this.set(...pair));
    if (this.#values[name] === value) return;
    this.#values[name] = value;
    for (const event of [`change:${name}`, "change"])
      for (const callback of this.#heard.get(event) ?? []) callback(this, value);
  }
  on(event, callback) {
    if (!this.#heard.has(event)) this.#heard.set(event, new Set());
    this.#heard.get(event).add(callback);
  }
  off(event, callback) {
    for (const [name, callbacks] of this.#heard)
      if (!event || event === name) callback ? callbacks.delete(callback) : callbacks.clear();
  }
  save_changes() {} // there is no kernel to be told
  send() {}
}

// A buffer is decoded when it is first asked for: a flipbook has dozens and shows one.
function store(values, path, data) {
  const last = path.at(-1);
  const place = path.slice(0, -1).reduce((part, key) => part[key], values);
  const put = (value) => Object.defineProperty(place, last, { value, writable: true, enumerable: true, configurable: true });
  const decoded = () => new DataView(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)).buffer);
  Object.defineProperty(place, last, { get: () => put(decoded())[last], set: put, enumerable: true, configurable: true });
}

const once = (make) => {
  const made = new Map();
  return (key) => made.get(key) ?? made.set(key, make(key)).get(key);
};

const imported = once((source) => import(URL.createObjectURL(new Blob([source], { type: "text/javascript" }))));
const styled = once((css) => document.head.append(Object.assign(document.createElement("style"), { textContent: css })) ?? true);
const experimental = { invoke: () => Promise.reject(new Error("there is no kernel that could answer")) };

const initialized = once(async (model) => {
  if (!model.get("_esm")) throw new Error("it is no anywidget");
  if (model.get("_css")) styled(model.get("_css"));
  const { default: widget } = await imported(model.get("_esm"));
  const definition = typeof widget === "function" ? await widget() : widget;
  await definition.initialize?.({ model, experimental });
  return definition;
});

// The script and the style of a widget are kept once for all of its kind, and named by their number.
const withTexts = ({ _esm, _css, ...state }, texts) => {
  const text = (name) => (typeof name === "number" ? texts[name] : name);
  return { ...state, _esm: text(_esm), _css: text(_css) };
};

const painted = () => new Promise((next) => (document.hidden ? setTimeout : requestAnimationFrame)(next));

async function showAll({ texts, states }) {
  const models = new Map(Object.entries(states).map(([id, { state, buffers }]) => [id, new Model(withTexts(state, texts), buffers ?? [])]));
  for (const script of document.querySelectorAll('script[type="application/vnd.jupyter.widget-view+json"]')) {
    const el = Object.assign(document.createElement("div"), { className: "widget" });
    script.before(el);
    try {
      const model = models.get(JSON.parse(script.textContent).model_id);
      if (!model) throw new Error("the page does not hold its state");
      await (await initialized(model)).render({ model, el, experimental }); // its cleanup: when the page goes
    } catch (error) {
      el.textContent = `This widget cannot be shown: ${error.message}.`;
      console.error(error);
    }
    // between two of them the page may paint; an explorer comes in four frames, which the next one's work would fill
    for (let n = el.querySelector(".explorer") ? 4 : 0; n > 0; n--) await painted();
    await new Promise((next) => setTimeout(next));
  }
}

// The script beside the page calls it; tests and printing wait for it.
window.showWidgets = (stored) => (window.widgets = showAll(stored));
