// Which picture an arrow key leads to: pure places, so that it can be tested without a page.

/** @typedef {{ x: number, y: number }} Place the middle of a tile */

/**
 * The index of the tile that `key` leads to from `from`.
 * @param {Place[]} places in order
 * @param {number} from
 * @param {string} key
 */
export function step(places, from, key) {
  if (key === "ArrowRight") return Math.min(places.length - 1, from + 1);
  if (key === "ArrowLeft") return Math.max(0, from - 1);
  if (key === "Home") return 0;
  if (key === "End") return places.length - 1;
  return vertical(places, from, key === "ArrowDown" ? 1 : -1);
}

/**
 * @param {Place[]} places
 * @param {number} from
 * @param {1 | -1} way down or up
 */
function vertical(places, from, way) {
  const here = places[from];
  const beyond = places.map((place, index) => ({
    index,
    far: (place.y - here.y) * way,
    aside: Math.abs(place.x - here.x),
  }));
  const others = beyond.filter(({ far }) => far > 4); // not of the same line
  if (!others.length) return from;
  const line = Math.min(...others.map(({ far }) => far));
  const next = others.filter(({ far }) => far < line + 4);
  return next.reduce((best, one) => (one.aside < best.aside ? one : best)).index;
}
