// Small square pictures as plain arrays: Float32Array of N * N, row by row. Places in a picture are
// given in a frame that does not depend on N: x to the right and y down, both in [-1, 1].

/**
 * Blurred by a Gaussian of `sigma` pixels; what lies beyond the edge counts as the edge.
 * @param {Float32Array} field
 * @param {number} n
 * @param {number} sigma
 */
export function blurred(field, n, sigma) {
  const reach = Math.max(1, Math.ceil(2.5 * sigma));
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((a, b) => a + b);
  for (let i = 0; i < kernel.length; i += 1) kernel[i] /= sum;
  return pass(pass(field, n, kernel, reach), n, kernel, reach);
}

/**
 * One pass along the rows, turned over, so that two of them blur both ways and turn it back.
 * @param {Float32Array} field
 * @param {number} n
 * @param {Float32Array} kernel
 * @param {number} reach
 */
function pass(field, n, kernel, reach) {
  const out = new Float32Array(n * n);
  for (let y = 0; y < n; y += 1) {
    const row = y * n;
    for (let x = 0; x < n; x += 1) {
      let sum = 0;
      for (let k = -reach; k <= reach; k += 1) {
        const at = x + k;
        sum += kernel[k + reach] * field[row + (at < 0 ? 0 : at >= n ? n - 1 : at)];
      }
      out[x * n + y] = sum;
    }
  }
  return out;
}

/**
 * The same picture with `to` pixels a side, each the mean of what it covers.
 * @param {Float32Array} field
 * @param {number} n
 * @param {number} to
 */
export function shrunk(field, n, to) {
  if (n === to) return field;
  const narrow = averaged(field, n, to, n);
  return averaged(narrow, n, to, to);
}

/**
 * @param {Float32Array} field
 * @param {number} n
 * @param {number} to
 * @param {number} rows
 */
function averaged(field, n, to, rows) {
  const out = new Float32Array(to * rows); // turned over, as in `pass`
  const step = n / to;
  for (let i = 0; i < to; i += 1) {
    const [from, end] = [i * step, (i + 1) * step];
    for (let j = Math.floor(from); j < Math.min(n, Math.ceil(end)); j += 1) {
      const share = (Math.min(end, j + 1) - Math.max(from, j)) / step;
      for (let y = 0; y < rows; y += 1) out[i * rows + y] += share * field[y * n + j];
    }
  }
  return out;
}

/**
 * How far each pixel is from the nearest one where `mask` is not 0, in pixels (chamfer 3-4).
 * @param {Uint8Array} mask
 * @param {number} n
 */
export function distances(mask, n) {
  const away = new Float32Array(n * n);
  for (let i = 0; i < away.length; i += 1) away[i] = mask[i] ? 0 : 1e6;
  /** @type {(at: number, x: number, y: number, dx: number, dy: number, cost: number) => void} */
  const step = (at, x, y, dx, dy, cost) => {
    if (x + dx < 0 || x + dx >= n || y + dy < 0 || y + dy >= n) return;
    away[at] = Math.min(away[at], away[at + dy * n + dx] + cost);
  };
  for (let y = 0, at = 0; y < n; y += 1) {
    for (let x = 0; x < n; x += 1, at += 1) {
      step(at, x, y, -1, 0, 1);
      step(at, x, y, -1, -1, 4 / 3);
      step(at, x, y, 0, -1, 1);
      step(at, x, y, 1, -1, 4 / 3);
    }
  }
  for (let y = n - 1, at = n * n - 1; y >= 0; y -= 1) {
    for (let x = n - 1; x >= 0; x -= 1, at -= 1) {
      step(at, x, y, 1, 0, 1);
      step(at, x, y, 1, 1, 4 / 3);
      step(at, x, y, 0, 1, 1);
      step(at, x, y, -1, 1, 4 / 3);
    }
  }
  return away;
}

/**
 * `field` seen through `map`, six numbers [a, b, c, d, e, f]: at (x, y) stands what it has at
 * (a x + c y + e, b x + d y + f), 0 where that is outside.
 * @param {Float32Array} field
 * @param {number} n
 * @param {number[]} map
 * @param {Float32Array} [out]
 */
export function warped(field, n, map, out = new Float32Array(n * n)) {
  const [a, b, c, d, e, f] = map;
  const half = n / 2;
  for (let y = 0, at = 0; y < n; y += 1) {
    const v = (y + 0.5) / half - 1;
    for (let x = 0; x < n; x += 1, at += 1) {
      const u = (x + 0.5) / half - 1;
      out[at] = sampled(field, n, (a * u + c * v + e + 1) * half - 0.5, (b * u + d * v + f + 1) * half - 0.5);
    }
  }
  return out;
}

/**
 * The value between the pixels around (x, y), in pixels; 0 outside.
 * @param {Float32Array} field
 * @param {number} n
 * @param {number} x
 * @param {number} y
 */
export function sampled(field, n, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < -1 || top < -1 || left >= n || top >= n) return 0;
  const [s, t] = [x - left, y - top];
  const inLeft = left >= 0;
  const inRight = left + 1 < n;
  let sum = 0;
  if (top >= 0) {
    if (inLeft) sum += (1 - s) * (1 - t) * field[top * n + left];
    if (inRight) sum += s * (1 - t) * field[top * n + left + 1];
  }
  if (top + 1 < n) {
    if (inLeft) sum += (1 - s) * t * field[(top + 1) * n + left];
    if (inRight) sum += s * t * field[(top + 1) * n + left + 1];
  }
  return sum;
}

/**
 * Less weight to the edges of a picture: what lies there may be a neighbour's.
 * @param {number} n
 */
export function attention(n) {
  return Float32Array.from({ length: n * n }, (_, i) => {
    const u = Math.abs(((i % n) + 0.5) / (n / 2) - 1);
    const v = Math.abs((Math.floor(i / n) + 0.5) / (n / 2) - 1);
    const edge = Math.max(u, v);
    return edge < 0.75 ? 1 : 1 - 0.75 * ((edge - 0.75) / 0.25);
  });
}

/**
 * The map that undoes `map`.
 * @param {number[]} map
 */
export function inverse([a, b, c, d, e, f]) {
  const size = a * d - b * c;
  return [d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size];
}

/**
 * First `inner`, then `outer`.
 * @param {number[]} outer
 * @param {number[]} inner
 */
export function after([a, b, c, d, e, f], [p, q, r, s, t, u]) {
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}
