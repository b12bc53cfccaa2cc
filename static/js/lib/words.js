// Texts in the person's language: from Django's catalogue, where the page has one, else as they stand.

/** @typedef {{ gettext?: (text: string) => string, ngettext?: (one: string, many: string, count: number) => string }} Catalogue */

/** @returns {Catalogue | undefined} */
const catalogue = () => /** @type {any} */ (globalThis).django;

/**
 * `text` in the person's language. Its first argument is read by makemessages: write it out.
 * @param {string} text
 */
export function gettext(text) {
  return catalogue()?.gettext?.(text) ?? text;
}

/**
 * As `gettext`, in the form that fits `count`.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 */
export function ngettext(one, many, count) {
  return catalogue()?.ngettext?.(one, many, count) ?? (count === 1 ? one : many);
}

/**
 * `text` with its %(names)s filled in from `values`.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => `${values[name]}`);
}

/**
 * A number as it is written in the person's language.
 * @param {number} value
 * @param {number} [places] behind the decimal sign
 */
export function number(value, places = 0) {
  const form = { minimumFractionDigits: places, maximumFractionDigits: places };
  return value.toLocaleString(globalThis.document?.documentElement.lang || "en", form);
}

/**
 * A share in [0, 1] as it is shown: whole per cent, with one place where it would else be rounded to all.
 * @param {number} share
 */
export function percent(share) {
  return `${number(100 * share, share > 0.995 && share < 1 ? 1 : 0)} %`;
}

/**
 * A sentence with a capital at its head.
 * @param {string} text
 */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
