// What no kernel has noted yet: kept by the tab, so that it outlives a restart of the kernel and a reload of the page.

/** @typedef {import("./types").Told} Told */

const KEY = "flipped-kernel-untold";
/** For a tab that may store nothing. @type {Record<string, Told[]>} */
let memory = {};

/** @returns {Record<string, Told[]>} */
function load() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return typeof found === "object" && found ? found : {};
  } catch {
    return memory;
  }
}

/** What was answered to a number, oldest first. @param {string} number @returns {Told[]} */
export const untold = (number) => load()[number] ?? [];

/** @param {string} number @param {Told[]} list */
export function keep(number, list) {
  const { [number]: _, ...others } = load();
  memory = list.length ? { ...others, [number]: list } : others;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(memory));
  } catch {
    // it lasts as long as the page
  }
}
