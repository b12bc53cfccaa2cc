// Pictures as elements: of prints and blocks, and of characters that the system's fonts may lack.

import { CHARACTER_LANGUAGE } from "./han.js";

/** @import { Item } from "../types.d.ts" */

/**
 * A picture, decoded ahead so that it can be painted at once; an address of null makes one that is not seen.
 * @param {string | null} src
 * @param {string} alt
 * @param {string} [className]
 */
export function picture(src, alt, className = "") {
  const image = new Image();
  image.alt = alt;
  image.draggable = false;
  if (className) image.className = className;
  if (!src) {
    image.hidden = true;
    return image;
  }
  image.addEventListener("error", () => image.classList.add("missing"), { once: true });
  image.src = src;
  image.decode().catch(() => {}); // what cannot be decoded is marked as missing
  return image;
}

/**
 * A character as a picture.
 * @param {string} src
 * @param {string} character
 */
export function characterPicture(src, character) {
  const image = picture(src, character, "glyph");
  image.lang = CHARACTER_LANGUAGE;
  return image;
}

/**
 * The item's character as a picture; what no font has is shown by its print. Null where it is not known.
 * @param {Pick<Item, "character" | "glyph" | "print">} item
 */
export function glyph(item) {
  if (!item.character) return null;
  const image = characterPicture(item.glyph ?? item.print ?? "", item.character);
  image.classList.toggle("stand-in", !item.glyph);
  return image;
}

/**
 * Put a picture into an element in place of what it holds; nothing empties it.
 * @param {Element} room
 * @param {HTMLImageElement | null | undefined} image
 */
export function put(room, image) {
  room.replaceChildren(...(image ? [image] : []));
}
