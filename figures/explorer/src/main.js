// What anywidget calls: an explorer for each view of a model, and what the model tells it.

import { Explorer } from "./explorer.js";

const TRAITS = ["x", "w", "dy", "axes", "maps"];

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const explorer = new Explorer(model, el);
  let due = false; // several traits that change together are heard once
  const heardTraits = () => {
    if (explorer.telling || due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      if (explorer.root.isConnected) explorer.hear();
    });
  };
  const chosen = () => explorer.telling || explorer.dispatch({ type: "selected", key: model.get("selected") });
  const restored = () => explorer.telling || explorer.look();
  /** @type {[string, () => void][]} */
  const events = [
    ...TRAITS.map((name) => /** @type {[string, () => void]} */ ([`change:${name}`, heardTraits])),
    ["change:selected", chosen],
    ["change:state", restored],
  ];
  for (const [event, act] of events) model.on(event, act);
  return () => {
    explorer.close();
    for (const [event, act] of events) model.off(event, act);
  };
}

export default { render };
