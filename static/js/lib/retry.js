// How long to wait before a request is tried again.

export const WAITS = [1, 2, 4, 8, 15]; // seconds between tries; the last one repeats

/**
 * Milliseconds to wait after so many tries that failed.
 * @param {number} tries 0 after the first one
 * @param {number[]} [waits] in seconds
 */
export function waitAfter(tries, waits = WAITS) {
  return waits[Math.min(tries, waits.length - 1)] * 1000;
}

/**
 * A pause that can be cut short. Returns its end, and what ends it now.
 * @param {number} milliseconds
 * @returns {{ over: Promise<void>, end: () => void }}
 */
export function pause(milliseconds) {
  let end = () => {};
  const over = new Promise((/** @type {(value?: undefined) => void} */ done) => {
    const timer = setTimeout(done, milliseconds);
    end = () => {
      clearTimeout(timer);
      done();
    };
  });
  return { over, end };
}
