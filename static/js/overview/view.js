// The part of the map that is seen, and which point is where: pure numbers, so that it can be tested alone.

/** @typedef {[number, number]} Place */

const MOST = 64; // times closer than the whole map
const EDGE = 24; // pixels left free around the whole map

export class View {
  /**
   * Map places run from 0 to 10,000 in both directions, y upwards.
   * @param {number} width of the sheet in pixels
   * @param {number} height
   */
  constructor(width, height) {
    this.zoom = 1;
    this.x = 5000; // the place in the middle of the sheet
    this.y = 5000;
    this.width = width;
    this.height = height;
  }

  /**
   * @param {number} width of the sheet in pixels
   * @param {number} height
   */
  resize(width, height) {
    this.width = width;
    this.height = height;
  }

  /** Pixels for each unit of the map. */
  get scale() {
    return (this.zoom * (Math.min(this.width, this.height) - 2 * EDGE)) / 10000;
  }

  /**
   * @param {Place} place on the map
   * @returns {Place}
   */
  toSheet([x, y]) {
    return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale];
  }

  /**
   * @param {Place} place on the sheet, in pixels
   * @returns {Place}
   */
  toMap([left, top]) {
    return [this.x + (left - this.width / 2) / this.scale, this.y - (top - this.height / 2) / this.scale];
  }

  /**
   * Come closer by a factor; what is at the sheet's place `at` stays there.
   * @param {number} factor
   * @param {Place} [at]
   */
  zoomBy(factor, at = [this.width / 2, this.height / 2]) {
    const [x, y] = this.toMap(at);
    this.zoom = Math.min(MOST, Math.max(1, this.zoom * factor));
    this.x = x - (at[0] - this.width / 2) / this.scale;
    this.y = y + (at[1] - this.height / 2) / this.scale;
    this.hold();
  }

  /**
   * @param {number} left
   * @param {number} top
   */
  panBy(left, top) {
    this.x -= left / this.scale;
    this.y += top / this.scale;
    this.hold();
  }

  all() {
    this.zoom = 1;
    this.x = this.y = 5000;
  }

  /**
   * Move as little as is needed to see a place well inside the sheet.
   * @param {Place} place on the map
   */
  reveal(place) {
    const [left, top] = this.toSheet(place);
    /** @type {(value: number, size: number) => number} */
    const over = (value, size) => Math.max(0, value - (size - 3 * EDGE)) + Math.min(0, value - 3 * EDGE);
    this.panBy(-over(left, this.width), -over(top, this.height));
  }

  hold() {
    this.x = Math.min(10000, Math.max(0, this.x));
    this.y = Math.min(10000, Math.max(0, this.y));
  }
}

/**
 * The index of the nearest place, no farther than `most` (in the map's units); -1 where there is none.
 * @param {Place[]} places
 * @param {Place} place
 * @param {number} [most]
 */
export function nearest(places, [x, y], most = Infinity) {
  let best = -1;
  let least = most * most;
  for (let index = 0; index < places.length; index += 1) {
    const far = (places[index][0] - x) ** 2 + (places[index][1] - y) ** 2;
    if (far <= least && (far < least || best < 0)) [best, least] = [index, far];
  }
  return best;
}

/**
 * Indexes of the `count` nearest others, the nearest first.
 * @param {Place[]} places
 * @param {number} from
 * @param {number} count
 */
export function nearestOthers(places, from, count) {
  const [x, y] = places[from];
  const far = places.map((place, index) => [(place[0] - x) ** 2 + (place[1] - y) ** 2, index]);
  far.splice(from, 1);
  far.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  return far.slice(0, count).map(([, index]) => index);
}

/**
 * Where an arrow leads from a point: to the nearest one in that direction, those aside counting double.
 * Points on the very same place are gone through one after the other. `way`: [1, 0] is right, [0, 1] is up.
 * @param {Place[]} places
 * @param {number} from
 * @param {Place} way
 */
export function towards(places, from, [dx, dy]) {
  const [x, y] = places[from];
  let best = from;
  let least = Infinity;
  places.forEach(([px, py], index) => {
    const along = (px - x) * dx + (py - y) * dy;
    const aside = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
    const same = px === x && py === y;
    if (same ? index <= from : along <= 0 || aside > 2 * along) return;
    const cost = same ? 0 : along + 2 * aside;
    if (cost < least) [best, least] = [index, cost];
  });
  return best;
}
