// How characters are read, each reading in its language.
import { gettext } from "./words.js";

/** @import { Reading } from "../types.d.ts" */

/**
 * A language's name.
 * @param {string} language
 */
export function languageName(language) {
  /** @type {Record<string, string>} */
  const names = {
    vi: gettext("Vietnamese"),
    "sino-vi": gettext("Sino-Vietnamese"),
    zh: gettext("Mandarin"),
    ja: gettext("Japanese"),
    ko: gettext("Korean"),
  };
  return names[language] ?? language;
}

/**
 * Put readings into an element, each in its language.
 * @param {Element} room
 * @param {Reading[]} all
 */
export function showReadings(room, all) {
  const shown = all.map(({ language, text }) => {
    const one = document.createElement("span");
    one.lang = language === "sino-vi" ? "vi" : language;
    one.textContent = text;
    one.title = `${languageName(language)}: ${text}`;
    return one;
  });
  room.replaceChildren(...shown);
}
