// The card as it is seen. Its frame never changes: only pictures and words are put into it.
import { all, part, setText } from "../../lib/dom.js";
import { glyph, picture, put } from "../../lib/pictures.js";
import { fill, gettext, ngettext, number } from "../../lib/words.js";
import { named } from "../answering/relation.js";
import { sign } from "../answering/verdicts.js";
import { candidates, showCandidate, showChosen } from "./candidate.js";

/** @import { Card, Decision, Item, Relation } from "../../types.d.ts" */
/** @import { RelationSource } from "../answering/relation.js" */
/** @import { PreparedCard } from "./cards.js" */

/** The buttons that answer with a verdict. */
const answerButtons = all(".review-answers [data-verdict]");

/**
 * Show a card.
 * @param {PreparedCard} prepared
 * @param {number} place from 1
 * @param {number} total
 */
export function showCard({ card, main, pictures }, place, total) {
  put(part("query-image"), main);
  setText(part("query-name"), card.name);
  part("query-name").title = card.name;
  setText(part("query-place"), fill(gettext("%(place)s of %(total)s"), { place: number(place), total: number(total) }));
  candidates.forEach((element, i) => showCandidate(element, card.suggestions[i], pictures[i], Boolean(card.blind)));
  for (const [i, element] of candidates.entries()) element.classList.toggle("grouped", isGrouped(card, i));
  showBlind(Boolean(card.blind));
}

/**
 * Whether a suggestion is one of many carvings of the first one's character.
 * @param {Card} card
 * @param {number} i
 */
function isGrouped({ further, suggestions }, i) {
  const character = suggestions[0]?.item.character;
  return further > 0 && Boolean(character) && suggestions[i]?.item.character === character;
}

/**
 * Say whether the card is blind. The button that answered the card before would take Enter for this one: on a blind
 * card it gives the focus up, since its block is no better than another.
 * @param {boolean} blind
 */
function showBlind(blind) {
  part("review-card").classList.toggle("blind", blind);
  part("card-blind").hidden = !blind;
  const focused = document.activeElement;
  if (blind && focused instanceof HTMLElement && focused.matches(".candidate-choose")) focused.blur();
}

/**
 * Mark what was answered.
 * @param {Card} card
 * @param {Decision | null} decision
 */
export function showDecision(card, decision) {
  const matched = decision?.verdict === "match";
  const further = (matched && decision.also) || [];
  const also = new Map(further.map(({ item, relation }) => [item, relation]));
  for (const element of candidates) {
    const item = Number(element.dataset.item);
    if (matched && item === decision.item) showChosen(element, "match", decision.relation);
    else showChosen(element, item && also.has(item) ? "also" : "", also.get(item));
  }
  for (const button of answerButtons) {
    const { verdict, reason = "" } = button.dataset;
    const same = decision?.verdict === verdict && (decision?.reason ?? "") === reason;
    button.setAttribute("aria-pressed", `${same}`);
  }
  showFound(foundOf(card, decision));
}

/**
 * The block of an answer that is none of the five, the first one where there are several.
 * @param {Pick<Card, "suggestions">} card
 * @param {Decision | null} decision
 * @returns {Item | null}
 */
export function foundOf(card, decision) {
  if (decision?.verdict !== "match") return null;
  const matches = [{ item: decision.item, found: decision.found }, ...(decision.also ?? [])];
  const elsewhere = matches.filter(({ item }) => !card.suggestions.some((one) => one.item.id === item));
  return elsewhere.find(({ found }) => found)?.found ?? null;
}

/**
 * Mark what is marked on the way to an answer of several matches.
 * @param {Map<number, { relation: Relation }>} marked
 */
export function showMarked(marked) {
  for (const element of candidates) {
    const mark = marked.get(Number(element.dataset.item));
    showChosen(element, mark ? "marked" : "", mark?.relation);
  }
}

/** @param {Item | null} item */
function showFound(item) {
  part("found").hidden = !item;
  part("found").dataset.item = `${item?.id ?? ""}`;
  put(part("found-thumb"), item && picture(item.thumbnail, ""));
  put(part("found-print"), item && picture(item.print, ""));
  put(part("found-glyph"), item && glyph(item));
  setText(part("found-code"), item ? item.codepoint || gettext("unknown") : "");
  setText(part("found-name"), item?.name ?? "");
}

/**
 * The relation of the match that is shown, or else the one that the next match gets.
 * @param {Relation} relation
 * @param {RelationSource} source
 */
export function showRelation(relation, source) {
  Object.assign(part("relation").dataset, { relation, of: source });
  const texts = {
    this: gettext("This match: %(relation)s"),
    next: gettext("Next matches: %(relation)s"),
    card: gettext("On this card: %(relation)s"),
    proposed: gettext("Proposed: %(relation)s"),
  };
  setText(part("relation-said"), fill(texts[source], { relation: named(relation) }));
}

/**
 * What is to be known of the card besides its pictures.
 * @param {string} words
 */
export function showNote(words) {
  setText(part("review-note"), words);
  part("review-note").title = words;
}

/**
 * What others answered, in one line.
 * @param {NonNullable<Card["others"]>} answers
 */
export function othersInWords(answers) {
  const each = answers.map(({ who, verdict, item }) => `${who} ${sign(verdict)} ${item?.character ?? ""}`.trim());
  return fill(gettext("Others: %(said)s"), { said: each.join(" · ") });
}

/**
 * That there are more carvings than the five, in one line.
 * @param {number} count
 * @param {string} key by which they are shown
 */
export function furtherInWords(count, key) {
  const text = ngettext(
    "%(count)s more carving of this character: %(key)s shows it.",
    "%(count)s more carvings of this character: %(key)s shows the next five, the best fit first.",
    count,
  );
  return fill(text, { count: number(count), key });
}

/**
 * Show that the card is not there yet, and why; empty words end that.
 * @param {string} words
 */
export function showWaiting(words) {
  part("review-card").classList.toggle("waiting", Boolean(words));
  if (words) showNote(words);
}

/**
 * @param {number} answered
 * @param {number} total
 */
export function showProgress(answered, total) {
  Object.assign(part("review-progress").dataset, { answered, total });
  const bar = part("review-bar", HTMLProgressElement);
  bar.value = answered;
  bar.max = total || 1;
  bar.classList.toggle("done", answered === total);
  const text = gettext("%(answered)s of %(total)s answered");
  setText(part("review-count"), fill(text, { answered: number(answered), total: number(total) }));
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;

/**
 * Tell how the saving goes. What will be over in a moment is not mentioned: the page stays calm.
 * @param {string} state
 * @param {number} waiting answers that are not at the server
 * @param {string} words
 */
export function showSaving(state, waiting, words) {
  const note = part("save-state");
  const was = note.dataset.state;
  Object.assign(note.dataset, { state, waiting });
  if (state !== "saving") {
    clearTimeout(later);
    setText(note, words);
  } else if (was !== "saving") {
    clearTimeout(later);
    later = setTimeout(() => setText(note, words), 800);
  }
}

/**
 * Nothing comes next.
 * @param {{ skipped: number, left: number, elsewhere: number }} counts elsewhere: how many others have in hand
 */
export function showDone({ skipped, left, elsewhere }) {
  part("review-card").hidden = true;
  const done = part("review-done");
  done.hidden = false;
  Object.assign(done.dataset, { skipped, held: elsewhere });
  let title = left ? gettext("You skipped the rest") : gettext("All pictures are answered");
  if (elsewhere) title = gettext("Others have the rest");
  setText(part("review-done-title"), title);
  setText(part("review-done-said"), doneWords(skipped, elsewhere));
  part("review-skipped").hidden = !skipped;
  done.focus();
}

/**
 * @param {number} skipped
 * @param {number} elsewhere
 */
function doneWords(skipped, elsewhere) {
  const many = fill(ngettext("You skipped %(skipped)s picture.", "You skipped %(skipped)s pictures.", skipped), {
    skipped: number(skipped),
  });
  const others = ngettext(
    "Others are looking at %(held)s picture. If they leave it, it appears here.",
    "Others are looking at %(held)s pictures. If they leave any, they appear here.",
    elsewhere,
  );
  if (elsewhere) return [fill(others, { held: number(elsewhere) }), skipped ? many : ""].join(" ");
  return skipped ? many : gettext("You can export the labels now.");
}

/** A card is shown again. */
export function hideDone() {
  part("review-card").hidden = false;
  part("review-done").hidden = true;
}

/**
 * Say something aloud to who does not see the page.
 * @param {string} words
 */
export function say(words) {
  setText(part("review-said"), words);
}
