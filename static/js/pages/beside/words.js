// What is said of a box, in words.
import { fill, gettext, number } from "../../lib/words.js";

/** @import { Doubt } from "../boxes/suspicious.js" */
/** @import { BoxKind, Operation, PageBox } from "../../types.d.ts" */

/**
 * Where a box stands on its page.
 * @param {PageBox} box
 * @param {PageBox[]} ordered
 */
export function placeInWords(box, ordered) {
  const place = ordered.findIndex(({ id }) => id === box.id) + 1;
  const where = fill(gettext("Box %(place)s of %(total)s, column %(column)s"), {
    place: number(place),
    total: number(ordered.length),
    column: number(box.column),
  });
  return box.kind === "main" ? where : `${where}, ${kindName(box.kind)}`;
}

/** @param {Doubt[]} doubts */
export function doubtsInWords(doubts) {
  const words = {
    large: gettext("larger than the others"),
    small: gettext("smaller than the others"),
    flat: gettext("flat or narrow"),
    overlapping: gettext("overlaps another box"),
    doubtful: gettext("found with a low score"),
  };
  return doubts.length
    ? fill(gettext("Suspicious: %(doubts)s."), { doubts: doubts.map((one) => words[one]).join(", ") })
    : "";
}

/** @param {BoxKind} kind */
export function kindName(kind) {
  return {
    main: gettext("main text"),
    note: gettext("small note"),
    head: gettext("heading"),
    fold: gettext("fold column"),
    margin: gettext("marginal note"),
  }[kind];
}

/**
 * What an edit does, by the first of its operations.
 * @param {Operation[]} operations
 */
export function editInWords([first]) {
  return {
    move: gettext("place and size"),
    add: gettext("new box"),
    delete: gettext("delete"),
    restore: gettext("bring back"),
    merge: gettext("join"),
    order: gettext("reading order"),
    split: gettext("cut"),
    not_character: gettext("not a character"),
    kind: gettext("kind"),
  }[first.op];
}
