// Pictures that Python drew, by position, and the order in which they are wanted.

/** @typedef {{texts: string[], radio: boolean, menu: boolean}} Choice */
/** @typedef {{at: number[], size: number, image?: any, text?: string, error?: string, click?: any}} Frame */

/**
 * Frames by position, of at most `limit` bytes: the least recently used goes first.
 * @template {{size: number}} F
 * @param {number} limit @param {(frame: F) => void} release called with each frame that goes
 */
export function frameStore(limit, release = () => {}) {
  const kept = /** @type {Map<string, F>} */ (new Map()); // in the order of their use
  let bytes = 0;
  let largest = 0;
  /** @param {string} key */
  const remove = (key) => {
    const frame = kept.get(key);
    if (!frame) return;
    kept.delete(key);
    bytes -= frame.size;
    release(frame);
  };
  return {
    /** @param {number[]} at */
    get(at) {
      const frame = kept.get(String(at));
      if (!frame) return undefined;
      kept.delete(String(at));
      kept.set(String(at), frame);
      return frame;
    },
    /** @param {number[]} at @param {F} frame */
    put(at, frame) {
      remove(String(at));
      kept.set(String(at), frame);
      bytes += frame.size;
      largest = Math.max(largest, frame.size);
      for (const key of kept.keys()) if (bytes > limit && kept.size > 1) remove(key);
    },
    clear() {
      for (const key of [...kept.keys()]) remove(key);
    },
    bytes: () => bytes,
    /** How many frames fit for certain. */
    room: () => Math.floor(limit / Math.max(largest, 1)),
  };
}

/**
 * All other positions, the nearest first. A slider moves by steps, words are all one choice away; of two that are
 * equally near, that which lies ahead in the direction of the last move comes first.
 * @param {number[]} at @param {Choice[]} controls @param {number[]} heading
 * @returns {number[][]}
 */
export function neighbours(at, controls, heading) {
  /** @param {number[]} place */
  const far = (place) =>
    place.reduce((sum, k, j) => {
      const steps = Math.abs(k - at[j]);
      const ahead = Math.sign(k - at[j]) * heading[j] > 0 ? 0.1 : 0;
      const words = controls[j].radio || controls[j].menu;
      return sum + (words ? Math.min(steps, 1) + steps / 1000 : steps) - ahead;
    }, 0);
  return controls
    .reduce(
      (places, { texts }) => places.flatMap((place) => texts.map((_, k) => [...place, k])),
      /** @type {number[][]} */ ([[]]),
    )
    .filter((place) => String(place) !== String(at))
    .map((place) => /** @type {[number, number[]]} */ ([far(place), place]))
    .sort(([a], [b]) => a - b)
    .map(([, place]) => place);
}
