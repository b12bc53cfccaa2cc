// What was found by hand, as the dialog shows it: rows, why they are there, and what is said of them all.
import { copyOf, part, setText, within } from "../lib/dom.js";
import { characterPicture, glyph, picture, put } from "../lib/pictures.js";
import { languageName, showReadings } from "../lib/readings.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";

/** @import { Item } from "../types.d.ts" */

/** @typedef {{ kind: string, text: string, language: string }} Reason why an item fits what was typed */
/** @typedef {{ item: Item, distance: number | null, reason: Reason | null }} Result */
/** @typedef {{ character: string, codepoint: string, glyph: string | null, items: number }} OtherForm */
/**
 * A page of what was found, as `candidate_page` of webapp/review answers. ranked: so many are in order; coming:
 * a worker is still comparing; silent: no worker has answered.
 * @typedef {object} Found
 * @property {Result[]} results
 * @property {OtherForm[]} elsewhere
 * @property {number} page
 * @property {number} pages
 * @property {number} total
 * @property {number} ranked
 * @property {number} first the place of the first result
 * @property {boolean} coming
 * @property {boolean} silent
 */

/** @type {Found} */
export const NOTHING = {
  results: [],
  elsewhere: [],
  page: 1,
  pages: 1,
  total: 0,
  ranked: 0,
  first: 1,
  coming: false,
  silent: false,
};

/**
 * One row of the list.
 * @param {Result} result
 * @param {number} place in the list, from 0
 * @param {number | null} nth its place among all the gallery, where that is what is shown
 */
export function row({ item, distance, reason }, place, nth) {
  const element = copyOf("find-row");
  /** @type {(name: string, words: string) => void} */
  const text = (name, words) => {
    setText(within(element, name), words);
  };
  element.id = `find-row-${place}`;
  Object.assign(element.dataset, { place, item: item.id, reason: reason?.kind ?? "" });
  put(within(element, ".find-thumb"), picture(item.thumbnail, ""));
  put(within(element, ".find-print"), picture(item.print, ""));
  put(within(element, ".find-glyph"), glyph(item));
  text(".find-code", item.codepoint || gettext("unknown"));
  showReadings(within(element, ".find-read"), (item.readings ?? []).slice(0, 3));
  text(".find-why", [nth && fill(gettext("%(nth)s."), { nth: number(nth) }), why(reason)].filter(Boolean).join(" "));
  text(".find-name", item.name);
  text(".find-far", distance === null ? "" : number(distance, 3));
  return element;
}

/**
 * Why an item fits what was typed; empty where nothing was.
 * @param {Reason | null} reason
 */
export function why(reason) {
  if (!reason) return "";
  const read = { reading: reason.text, language: languageName(reason.language) };
  /** @type {Record<string, string>} */
  const words = {
    character: gettext("exact character"),
    description: gettext("exact composition"),
    reading: fill(gettext("reading %(reading)s (%(language)s)"), read),
    about: fill(gettext("reading %(reading)s (%(language)s), other tone marks"), read),
    radical: gettext("by radical"),
    component: gettext("by components"),
    name: gettext("by name"),
  };
  return words[reason.kind] ?? "";
}

/**
 * What is said above the list.
 * @param {Pick<Found, "total" | "ranked" | "coming" | "silent">} found
 * @param {string} typed
 * @param {boolean} alike whether it is ranked by a block instead of the print
 */
export function summary({ total, ranked, coming, silent }, typed, alike) {
  if (!typed) return summaryOfAll({ total, coming, silent }, alike);
  if (!total) return gettext("No block in the gallery matches this.");
  const counts = { total: number(total), ranked: number(ranked) };
  if (ranked < total && silent) {
    return fill(gettext("%(total)s blocks match. No worker responds, so only %(ranked)s of them are sorted."), counts);
  }
  if (ranked < total && coming) return fill(gettext("%(total)s blocks match; comparing …"), counts);
  return fill(ngettext("%(total)s block matches.", "%(total)s blocks match, most similar first.", total), counts);
}

/**
 * @param {Pick<Found, "total" | "coming" | "silent">} found
 * @param {boolean} alike
 */
function summaryOfAll({ total, coming, silent }, alike) {
  if (silent)
    return gettext(
      "No worker responds, so the gallery cannot be compared now. Type what you know about the character.",
    );
  if (coming) return gettext("Comparing with the gallery …");
  if (!total) return gettext("There is nothing else to compare. Type what you know about the character.");
  if (alike) return gettext("The most similar blocks.");
  return gettext("The blocks after the first five. Or type what you know about the character.");
}

/**
 * Show other characters that are written for the one typed, each as a button.
 * @param {OtherForm[]} found
 * @param {(character: string) => void} type
 */
export function showOtherForms(found, type) {
  const words = document.createElement("span");
  words.textContent = gettext("Also written:");
  const buttons = found.map((form) => otherForm(form, type));
  part("find-elsewhere").replaceChildren(...(found.length ? [words, ...buttons] : []));
  part("find-elsewhere").hidden = !found.length;
}

/**
 * @param {OtherForm} form
 * @param {(character: string) => void} type
 */
function otherForm({ character, codepoint, glyph: drawn, items }, type) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small";
  button.dataset.testid = "find-elsewhere";
  button.dataset.character = character;
  if (drawn) button.append(characterPicture(drawn, character));
  button.append(` ${codepoint} (${number(items)})`);
  button.addEventListener("click", () => type(character));
  return button;
}
