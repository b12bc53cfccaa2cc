// What was found by hand, as the dialog shows it: rows, why they are there, and what is said of them all.
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { readings, tongue } from "../review/card/candidate.js";
import { picture } from "../review/card/cards.js";

/** One row of the list. nth: its place among all the gallery, where that is what is shown. */
export function row({ item, distance, reason }, place, nth) {
  const element = document.getElementById("find-row").content.firstElementChild.cloneNode(true);
  const put = (name, image) => element.querySelector(name).replaceChildren(...(image ? [image] : []));
  const text = (name, words) => (element.querySelector(name).textContent = words);
  element.id = `find-row-${place}`;
  element.dataset.place = place;
  element.dataset.item = item.id;
  element.dataset.reason = reason?.kind ?? "";
  put(".find-thumb", picture(item.thumbnail, "").image);
  put(".find-print", picture(item.print, "").image);
  put(".find-glyph", glyph(item));
  text(".find-code", item.codepoint || gettext("not known"));
  readings(element.querySelector(".find-read"), (item.readings ?? []).slice(0, 3));
  text(".find-why", [nth && fill(gettext("%(nth)s."), { nth: number(nth) }), why(reason)].filter(Boolean).join(" "));
  text(".find-name", item.name);
  text(".find-far", distance === null ? "" : number(distance, 3));
  return element;
}

/** The item's character as a picture; what no font has is shown by its print. */
export function glyph(item) {
  if (!item.character) return null;
  return picture(item.glyph ?? item.print, item.character, item.glyph ? "glyph" : "glyph stand-in").image;
}

/** Why an item fits what was typed; empty where nothing was. */
function why(reason) {
  if (!reason) return "";
  const read = { reading: reason.text, language: tongue(reason.language) };
  const words = {
    character: gettext("the character itself"),
    description: gettext("put together just so"),
    reading: fill(gettext("read %(reading)s (%(language)s)"), read),
    about: fill(gettext("read %(reading)s (%(language)s), with other marks"), read),
    radical: gettext("by its radical"),
    component: gettext("by its components"),
    name: gettext("by its name"),
  };
  return words[reason.kind] ?? "";
}

/** What is said above the list. */
export function told({ total, ranked, coming, silent }, typed, alike) {
  if (!typed) return toldOfAll({ total, coming, silent }, alike);
  if (!total) return gettext("No block of the gallery fits this.");
  const counts = { total: number(total), ranked: number(ranked) };
  if (ranked < total && silent) {
    return fill(
      gettext("%(total)s blocks fit. No worker has answered, so only %(ranked)s of them are in order."),
      counts,
    );
  }
  if (ranked < total && coming) return fill(gettext("%(total)s blocks fit; they are being compared."), counts);
  return fill(
    ngettext("%(total)s block fits, the most alike first.", "%(total)s blocks fit, the most alike first.", total),
    counts,
  );
}

function toldOfAll({ total, coming, silent }, alike) {
  if (silent)
    return gettext(
      "No worker has answered, so the gallery cannot be compared now. Type what you know of the character.",
    );
  if (coming) return gettext("The gallery is being compared.");
  if (!total) return gettext("There is nothing else that can be compared. Type what you know of the character.");
  if (alike) return gettext("The blocks most like it.");
  return gettext("The blocks that come after the five. Or type what you know of the character.");
}

/** Buttons for other characters that are written for the one typed. */
export function others(found, put) {
  if (!found.length) return [];
  const words = document.createElement("span");
  words.textContent = gettext("Also written:");
  const buttons = found.map(({ character, codepoint, glyph: drawn, items }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet small";
    button.dataset.testid = "find-elsewhere";
    button.dataset.character = character;
    if (drawn) button.append(picture(drawn, character, "glyph").image);
    button.append(` ${codepoint} (${number(items)})`);
    button.addEventListener("click", () => put(character));
    return button;
  });
  return [words, ...buttons];
}
