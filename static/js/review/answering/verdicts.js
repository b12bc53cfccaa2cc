// Verdicts in words and as signs.
import { glyph } from "../../lib/pictures.js";
import { fill, gettext } from "../../lib/words.js";

/** @import { Item, Reason, Verdict } from "../../types.d.ts" */

/** @type {Record<Verdict, string>} */
const SIGNS = { match: "✓", none: "∅", unsure: "?", skip: "↷", withdrawn: "" };

/**
 * A verdict as a sign of one character.
 * @param {Verdict} verdict
 */
export function sign(verdict) {
  return SIGNS[verdict] ?? verdict;
}

/**
 * A verdict as a sign: the block's character where there is one.
 * @param {{ verdict: Verdict, item?: Item | null }} answer
 * @returns {Node | string}
 */
export function drawnSign({ verdict, item }) {
  const drawn = verdict === "match" && item ? glyph(item) : null;
  if (!drawn) return sign(verdict);
  drawn.alt = "";
  return drawn;
}

/**
 * A verdict in words.
 * @param {{ verdict: Verdict, reason?: string, item?: Item | null }} answer
 * @param {Reason[]} reasons the server's
 */
export function worded({ verdict, reason, item }, reasons) {
  const label = reasons.find(({ id }) => id === reason)?.label;
  /** @type {Record<Verdict, string>} */
  const words = {
    match: item ? [item.character, item.name].filter(Boolean).join(" ") : gettext("a match"),
    none: label ? fill(gettext("none, %(reason)s"), { reason: label }) : gettext("none of them"),
    unsure: gettext("unsure"),
    skip: gettext("skipped"),
    withdrawn: gettext("undone"),
  };
  return words[verdict] ?? verdict;
}
