// The card as it is seen. Its frame never changes: only pictures and words are put into it.

import { glyph } from "../../finder/finder.js";
import { fill, gettext, ngettext, number } from "../../lib/words.js";
import { named } from "../answering/relation.js";
import { candidates, showCandidate, showChosen, text } from "./candidate.js";
import { picture } from "./cards.js";

const part = (id) => document.getElementById(id);

const answers = [...document.querySelectorAll(".review-answers [data-verdict]")];

export function showCard({ card, main, pictures }, place, total) {
  part("query-image").replaceChildren(main.image);
  text(part("query-name"), card.name);
  part("query-name").title = card.name;
  text(part("query-place"), fill(gettext("%(place)s of %(total)s"), { place: number(place), total: number(total) }));
  candidates.forEach((element, i) => showCandidate(element, card.suggestions[i], pictures[i], Boolean(card.blind)));
}

/** Mark what was answered: a decision { verdict, item, reason, also } or null. */
export function showDecision(card, decision) {
  const matched = decision?.verdict === "match";
  const also = new Map((matched ? (decision.also ?? []) : []).map(({ item, relation }) => [item, relation]));
  for (const element of candidates) {
    const item = Number(element.dataset.item);
    if (matched && item === decision.item) showChosen(element, "match", decision.relation);
    else showChosen(element, item && also.has(item) ? "also" : "", also.get(item));
  }
  for (const button of answers) {
    const same =
      decision?.verdict === button.dataset.verdict && (decision?.reason ?? "") === (button.dataset.reason ?? "");
    button.setAttribute("aria-pressed", same);
  }
  const elsewhere = (item) => !card.suggestions.some((suggestion) => suggestion.item.id === item);
  const found = matched && elsewhere(decision.item) ? decision.found : null;
  const further = matched ? (decision.also ?? []).filter(({ item, found: body }) => body && elsewhere(item)) : [];
  showFound(found ?? further[0]?.found ?? null);
}

/** Mark what is marked on the way to an answer of several matches. */
export function showMarked(marked) {
  for (const element of candidates) {
    const held = marked.get(Number(element.dataset.item));
    showChosen(element, held ? "marked" : "", held?.relation);
  }
}

/** The item that was found by hand, where it is the answer. */
function showFound(item) {
  part("found").hidden = !item;
  part("found").dataset.item = item?.id ?? "";
  const put = (id, image) => part(id).replaceChildren(...(image ? [image] : []));
  put("found-thumb", item && picture(item.thumbnail, "").image);
  put("found-print", item && picture(item.print, "").image);
  put("found-glyph", item && glyph(item));
  text(part("found-code"), item ? item.codepoint || gettext("not known") : "");
  text(part("found-name"), item?.name ?? "");
}

/** The relation of the match that is shown, or else the one that the next matches get. */
export function showRelation(relation, ofThis) {
  part("relation").dataset.relation = relation;
  part("relation").dataset.of = ofThis ? "this" : "next";
  const said = ofThis ? gettext("This match: %(relation)s") : gettext("Next matches: %(relation)s");
  text(part("relation-said"), fill(said, { relation: named(relation) }));
}

/** What is to be known of the card besides its pictures. */
export function showNote(words) {
  text(part("review-note"), words);
  part("review-note").title = words;
}

/** What others said of the card, in one line. */
export function others(all) {
  const signs = { match: "✓", none: "∅", unsure: "?", skip: "↷" };
  const said = all.map(({ who, verdict, item }) =>
    `${who} ${signs[verdict] ?? verdict} ${item?.character ?? ""}`.trim(),
  );
  return fill(gettext("Others: %(said)s"), { said: said.join(" · ") });
}

export function showWaiting(said) {
  part("review-card").classList.toggle("waiting", Boolean(said));
  if (said) showNote(said);
}

export function showProgress(answered, total) {
  const room = part("review-progress");
  room.dataset.answered = answered;
  room.dataset.total = total;
  part("review-bar").value = answered;
  part("review-bar").max = total || 1;
  part("review-bar").classList.toggle("done", answered === total);
  const said = gettext("%(answered)s of %(total)s answered");
  text(part("review-count"), fill(said, { answered: number(answered), total: number(total) }));
}

let later = 0;

/** Tell how the saving goes. What will be over in a moment is not mentioned: the page stays calm. */
export function showSaving(state, waiting, said) {
  const note = part("save-state");
  const was = note.dataset.state;
  note.dataset.state = state;
  note.dataset.waiting = waiting;
  if (state !== "saving") {
    clearTimeout(later);
    text(note, said);
  } else if (was !== "saving") {
    clearTimeout(later);
    later = setTimeout(() => text(note, said), 800);
  }
}

/** Nothing comes next. held: how many are in other people's hands. */
export function showDone({ skipped, left, held }) {
  part("review-card").hidden = true;
  const done = part("review-done");
  done.hidden = false;
  done.dataset.skipped = skipped;
  done.dataset.held = held;
  let title = left ? gettext("The rest was skipped") : gettext("Every picture is answered");
  if (held) title = gettext("The rest is in other hands");
  text(part("review-done-title"), title);
  const many = fill(ngettext("%(skipped)s picture is skipped.", "%(skipped)s pictures are skipped.", skipped), {
    skipped: number(skipped),
  });
  const others = ngettext(
    "Others are looking at %(held)s picture. What they leave comes here by itself.",
    "Others are looking at %(held)s pictures. What they leave comes here by itself.",
    held,
  );
  let said = skipped ? many : gettext("The labels can be taken away now.");
  if (held) said = [fill(others, { held: number(held) }), skipped ? many : ""].join(" ");
  text(part("review-done-said"), said);
  part("review-skipped").hidden = !skipped;
  done.focus();
}

export function hideDone() {
  part("review-card").hidden = false;
  part("review-done").hidden = true;
}

export function say(words) {
  text(part("review-said"), words);
}

export { candidates };
