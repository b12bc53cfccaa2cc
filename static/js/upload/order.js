// The order in which people count: page 2 before page 10. common/order.py is the same rule for zips and folders.

const NUMBER = /(\p{Nd}+)/u;
const DIGIT = /^\p{Nd}$/u;

/**
 * Compare two paths folder by folder, numbers in them as numbers, in any script's digits.
 * @param {string} a
 * @param {string} b
 * @returns {number} below 0 where `a` comes first
 */
export function byNaturalOrder(a, b) {
  return (
    compareLists(folders(a), folders(b), (one, other) => compareLists(one, other, compareRuns)) || compareText(a, b)
  );
}

/** @param {string} path */
function folders(path) {
  // Upper case and back again is as near as scripts come to folding: "ß" and "SS" are one.
  const folded = path.toUpperCase().toLowerCase();
  return folded.split("/").map((part) => part.split(NUMBER).filter(Boolean));
}

/**
 * @template T
 * @param {T[]} a
 * @param {T[]} b
 * @param {(one: T, other: T) => number} compare
 */
function compareLists(a, b, compare) {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const order = compare(a[at], b[at]);
    if (order) return order;
  }
  return a.length - b.length;
}

/**
 * @param {string} a
 * @param {string} b
 */
function compareRuns(a, b) {
  const numbers = [a, b].map((run) => (NUMBER.test(run) ? plainDigits(run) : null));
  if (numbers[0] === null || numbers[1] === null) {
    if (numbers[0] === numbers[1]) return compareText(a, b);
    return numbers[0] === null ? 1 : -1;
  }
  // A longer one is larger, and none is too long to be one.
  return numbers[0].length - numbers[1].length || compareText(numbers[0], numbers[1]);
}

/**
 * A number's digits as 0 to 9, without those before the first that counts.
 * @param {string} run
 */
function plainDigits(run) {
  return Array.from(run, digitValue).join("").replace(/^0+/, "");
}

/**
 * Every script has its ten digits in a row, the zero first.
 * @param {string} digit
 */
function digitValue(digit) {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return (code - zero) % 10;
}

/**
 * By codepoints, as Python compares; by its halves a rare character would come before a common one.
 * @param {string} a
 * @param {string} b
 */
function compareText(a, b) {
  return compareLists([...a], [...b], (one, other) => (one.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0));
}
