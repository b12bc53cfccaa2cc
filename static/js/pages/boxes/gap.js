// The gap between two characters that stand in one box, seen in the pixels of the page.

const MIDDLE = 0.25; // of the height: nothing is cut off that is less
const LEAST = 20; // rows: fewer say nothing

/**
 * Ink in each row of a picture: how many pixels of it belong to the smaller part, the dark one on paper and the light
 * one on a rubbing.
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @returns {number[]}
 */
export function inkOfRows(rgba, width) {
  const light = Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i] + rgba[4 * i + 1] + rgba[4 * i + 2]);
  const half = (Math.min(...extent(light)) + Math.max(...extent(light))) / 2;
  const dark = light.filter((value) => value < half).length;
  const inverse = dark > light.length / 2;
  const rows = Array.from({ length: light.length / width }, () => 0);
  light.forEach((value, i) => {
    if (value < half !== inverse) rows[Math.floor(i / width)] += 1;
  });
  return rows;
}

/**
 * @param {number[]} values
 * @returns {[number, number]}
 */
function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * Where to cut, as a share of the height: the middle of the emptiest rows between the two outer quarters; of several
 * the nearest to the middle. Null where there are too few rows to tell.
 * @param {number[]} rows ink of each
 * @returns {number | null}
 */
export function gapAmong(rows) {
  const count = rows.length;
  if (count < LEAST) return null;
  const [from, to] = [Math.floor(count * MIDDLE), Math.ceil(count * (1 - MIDDLE))];
  const least = Math.min(...rows.slice(from, to));
  let best = null;
  for (let start = from; start < to; start += 1) {
    if (rows[start] > least) continue;
    let end = start;
    while (end < to && rows[end] <= least) end += 1;
    const middle = (start + end) / 2;
    if (best === null || Math.abs(middle - count / 2) < Math.abs(best - count / 2)) best = middle;
    start = end;
  }
  return best === null ? null : best / count;
}
