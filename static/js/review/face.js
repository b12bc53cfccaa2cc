// The card as it is seen. Its frame never changes: only pictures and words are put into it.

import { fill, gettext, ngettext, number } from "../lib/words.js";
import { picture } from "./cards.js";
import { glyph } from "./find.js";
import { named } from "./relation.js";

const part = (id) => document.getElementById(id);
const percent = (share) => `${number(Math.round(share * 100))} %`;

const candidates = [...document.querySelectorAll(".candidate")];
const answers = [...document.querySelectorAll(".review-answers [data-verdict]")];

function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function showCandidate(element, suggestion, pictures) {
  element.classList.toggle("absent", !suggestion);
  const choose = element.querySelector(".candidate-choose");
  choose.disabled = !suggestion;
  element.querySelector(".candidate-view").disabled = !suggestion?.item.viewer;
  element.dataset.item = suggestion?.item.id ?? "";
  const put = (name, one) => element.querySelector(name).replaceChildren(...(one ? [one.image] : []));
  put(".candidate-thumb", pictures?.thumbnail);
  put(".candidate-print", pictures?.print);
  put(".candidate-glyph", pictures?.glyph);
  const item = suggestion?.item;
  text(element.querySelector(".candidate-code"), item ? item.codepoint || gettext("not known") : "");
  text(element.querySelector(".candidate-sure"), suggestion ? percent(suggestion.confidence) : "");
  text(element.querySelector(".candidate-distance"), suggestion ? number(suggestion.distance, 3) : "");
  element.querySelector("progress").value = suggestion?.confidence ?? 0;
  element.title = item?.name ?? "";
  choose.setAttribute("aria-label", spoken(element.dataset.rank, suggestion));
  const turn = fill(gettext("Turn candidate %(rank)s in 3D"), { rank: element.dataset.rank });
  element.querySelector(".candidate-view").setAttribute("aria-label", turn);
}

/** A candidate in words, for who does not see it. */
function spoken(rank, suggestion) {
  if (!suggestion) return fill(gettext("%(rank)s: no candidate"), { rank });
  const { item } = suggestion;
  return fill(gettext("%(rank)s: %(character)s, %(percent)s sure, distance %(distance)s, %(name)s"), {
    rank,
    character: [item.character || gettext("character not known"), item.codepoint].filter(Boolean).join(" "),
    percent: percent(suggestion.confidence),
    distance: number(suggestion.distance, 3),
    name: item.name,
  });
}

export function showCard({ card, main, pictures }, place, total) {
  part("query-image").replaceChildren(main.image);
  text(part("query-name"), card.name);
  part("query-name").title = card.name;
  text(part("query-place"), fill(gettext("%(place)s of %(total)s"), { place: number(place), total: number(total) }));
  candidates.forEach((element, i) => showCandidate(element, card.suggestions[i], pictures[i]));
}

/** Mark what was answered: a decision { verdict, item, reason } or null. */
export function showDecision(card, decision, byOther) {
  for (const element of candidates) {
    const chosen = decision?.verdict === "match" && Number(element.dataset.item) === decision.item;
    element.querySelector(".candidate-choose").setAttribute("aria-pressed", chosen);
    element.classList.toggle("chosen", chosen);
  }
  for (const button of answers) {
    const same = decision?.verdict === button.dataset.verdict && (decision?.reason ?? "") === (button.dataset.reason ?? "");
    button.setAttribute("aria-pressed", same);
  }
  const elsewhere = decision?.verdict === "match" && !card.suggestions.some(({ item }) => item.id === decision.item);
  showFound(elsewhere ? decision.found : null);
  let note = "";
  if (byOther) note = gettext("Somebody else has answered this one. An answer of yours would be the newest.");
  else if (!card.suggestions.length) note = gettext("The gallery had nothing to suggest.");
  text(part("review-note"), note);
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

export function showWaiting(said) {
  part("review-card").classList.toggle("waiting", Boolean(said));
  if (said) text(part("review-note"), said);
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

export function showDone({ skipped, left }) {
  part("review-card").hidden = true;
  const done = part("review-done");
  done.hidden = false;
  done.dataset.skipped = skipped;
  const title = left ? gettext("The rest was skipped") : gettext("Every picture is answered");
  text(part("review-done-title"), title);
  const many = fill(ngettext("%(skipped)s picture is skipped.", "%(skipped)s pictures are skipped.", skipped), { skipped: number(skipped) });
  text(part("review-done-said"), skipped ? many : gettext("The labels can be taken away now."));
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
