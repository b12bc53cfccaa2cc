// What is opened over the card shown: the 3D viewer, and the search for another block.

export function find({ card, finder }) {
  if (card) finder.open({ url: card.candidates, image: card.image, alt: card.name });
}

/** Find blocks like the candidate of this rank. */
export function alike({ card, finder }, rank) {
  const { item, gone } = card?.suggestions[rank - 1] ?? {};
  if (item && !gone) finder.open({ url: card.candidates, image: card.image, alt: card.name, like: item });
}

/** Turn the candidate of this rank in 3D; the viewer's keys 1 to 5 change between them. */
export function view({ card, viewer }, rank) {
  const blocks = (card?.suggestions ?? []).map(({ item, gone }, i) =>
    block(gone ? { ...item, viewer: null } : item, i + 1),
  );
  if (blocks[rank - 1]?.url) viewer.open(blocks, rank - 1);
}

/** Turn the block that was found by hand. */
export function viewFound({ viewer }, item) {
  if (item?.viewer) viewer.open([block(item)], 0);
}

/** An item as the viewer takes it. */
function block(item, number) {
  const title = [item.codepoint, item.name].filter(Boolean).join(" ");
  return { url: item.viewer, number, character: item.character, glyph: item.glyph, title };
}
