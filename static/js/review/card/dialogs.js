// What is opened over the card shown: the 3D viewer, and the search for another block.

/** @import { Finder } from "../../finder/finder.js" */
/** @import { Item, ShownCard } from "../../types.d.ts" */
/** @import { Block, Viewer } from "../../viewer/dialog.js" */

/** @typedef {{ card: ShownCard | null, finder: Finder, viewer: Viewer }} Room a page with a card */

/**
 * Find another block of the gallery.
 * @param {Room} room
 */
export function find({ card, finder }) {
  if (card) finder.open({ url: card.candidates, image: card.image, alt: card.name });
}

/**
 * Find blocks like the candidate of this rank.
 * @param {Room} room
 * @param {number} rank
 */
export function alike({ card, finder }, rank) {
  const suggestion = card?.suggestions[rank - 1];
  if (!card || !suggestion?.item || suggestion.gone) return;
  finder.open({ url: card.candidates, image: card.image, alt: card.name, like: suggestion.item });
}

/**
 * Turn the candidate of this rank in 3D; the viewer's keys 1 to 5 change between them.
 * @param {Room} room
 * @param {number} rank
 */
export function view({ card, viewer }, rank) {
  const suggestions = card?.suggestions ?? [];
  const blocks = suggestions.map(({ item, gone }, i) => block(gone ? { ...item, viewer: null } : item, i + 1));
  if (blocks[rank - 1]?.url) viewer.open(blocks, rank - 1);
}

/**
 * Turn the block that was found by hand.
 * @param {Pick<Room, "viewer">} room
 * @param {Item | null} item
 */
export function viewFound({ viewer }, item) {
  if (item?.viewer) viewer.open([block(item)], 0);
}

/** The rank of the candidate in focus; 1 where none is. */
export function focusedRank() {
  const candidate = /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest(".candidate"));
  return Number(candidate?.dataset.rank ?? 1);
}

/**
 * An item as the viewer takes it.
 * @param {Item} item
 * @param {number} [number]
 * @returns {Block}
 */
function block(item, number) {
  const title = [item.codepoint, item.name].filter(Boolean).join(" ");
  return { url: item.viewer, number, character: item.character, glyph: item.glyph, title };
}
