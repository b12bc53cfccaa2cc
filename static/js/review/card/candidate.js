// One of the five candidates as it is seen: pictures and words put into a frame that never changes.
import { all, setText, within } from "../../lib/dom.js";
import { put } from "../../lib/pictures.js";
import { languageName, showReadings } from "../../lib/readings.js";
import { fill, gettext, number, percent } from "../../lib/words.js";
import { named, proposedFor } from "../answering/relation.js";

/** @import { Relation, Suggestion } from "../../types.d.ts" */
/** @import { CandidatePictures } from "./cards.js" */

/** @typedef {"" | "match" | "also" | "marked"} Choice as the match, as one match of several, as marked, or as none */

/** The frames of the page's candidates. */
export const candidates = all(".candidate");

/**
 * Put a suggestion into the frame; none empties it.
 * @param {HTMLElement} element
 * @param {Suggestion | undefined} suggestion
 * @param {CandidatePictures | undefined} pictures
 * @param {boolean} blind whether its scores are not to be seen
 */
export function showCandidate(element, suggestion, pictures, blind) {
  const item = suggestion?.item;
  const gone = Boolean(suggestion?.gone);
  element.classList.toggle("absent", !suggestion);
  element.classList.toggle("gone", gone);
  element.dataset.item = `${item?.id ?? ""}`;
  element.title = item?.name ?? "";
  showButtons(element, suggestion, blind);
  put(within(element, ".candidate-thumb"), pictures?.thumbnail);
  put(within(element, ".candidate-print"), pictures?.print);
  put(within(element, ".candidate-glyph"), pictures?.glyph);
  showExemplar(within(element, ".candidate-as"), suggestion?.exemplar ?? null, pictures);
  showProposed(within(element, ".candidate-proposed"), suggestion);
  within(element, ".candidate-place").hidden = !suggestion?.placed;
  setText(within(element, ".candidate-code"), item ? item.codepoint || gettext("unknown") : "");
  showScores(element, suggestion, blind);
  showReadings(within(element, ".candidate-readings"), item?.readings ?? []);
}

/**
 * @param {HTMLElement} element
 * @param {Suggestion | undefined} suggestion
 * @param {boolean} blind
 */
function showButtons(element, suggestion, blind) {
  const rank = element.dataset.rank ?? "";
  const there = Boolean(suggestion && !suggestion.gone);
  const choose = within(element, ".candidate-choose", HTMLButtonElement);
  choose.disabled = !there;
  choose.setAttribute("aria-description", spoken(rank, suggestion, blind));
  const view = within(element, ".candidate-view", HTMLButtonElement);
  view.disabled = !there || !suggestion?.item.viewer;
  view.setAttribute("aria-label", fill(gettext("View suggestion %(rank)s in 3D"), { rank }));
  const like = within(element, ".candidate-like", HTMLButtonElement);
  like.disabled = !there;
  like.setAttribute("aria-label", fill(gettext("Find blocks like suggestion %(rank)s"), { rank }));
}

/**
 * @param {HTMLElement} element
 * @param {Suggestion | undefined} suggestion
 * @param {boolean} blind
 */
function showScores(element, suggestion, blind) {
  const { confidence = null, distance = null } = blind ? {} : (suggestion ?? {});
  setText(within(element, ".candidate-sure"), confidence === null ? "" : percent(confidence));
  setText(within(element, ".candidate-distance"), distance === null ? "" : number(distance, 3));
  element.classList.toggle("blind", Boolean(suggestion) && blind);
  within(element, "progress", HTMLProgressElement).value = confidence ?? 0;
}

/**
 * The answered picture that drew the candidate nearer, small in its corner; a sign where it is not to be seen.
 * @param {HTMLElement} room
 * @param {Suggestion["exemplar"]} exemplar
 * @param {CandidatePictures | undefined} pictures
 */
function showExemplar(room, exemplar, pictures) {
  room.hidden = !exemplar;
  room.title = exemplar ? exemplarWords(exemplar) : "";
  room.replaceChildren(pictures?.exemplar ?? "≈");
}

/**
 * The relation that is proposed, on the suggestion's print.
 * @param {HTMLElement} room
 * @param {Suggestion | undefined} suggestion
 */
function showProposed(room, suggestion) {
  const relation = proposedFor(suggestion);
  room.hidden = !relation;
  room.dataset.relation = relation;
  setText(room, relation && proposedWords(relation));
}

/** @param {Relation} relation */
function proposedWords(relation) {
  return fill(gettext("%(relation)s?"), { relation: named(relation) });
}

/** @param {{ name: string | null }} exemplar */
function exemplarWords({ name }) {
  return name ? fill(gettext("Answer for %(name)s"), { name }) : gettext("Answer for a similar picture");
}

/**
 * A candidate in words, for who does not see it.
 * @param {string} rank
 * @param {Suggestion | undefined} suggestion
 * @param {boolean} blind
 */
function spoken(rank, suggestion, blind) {
  if (!suggestion) return fill(gettext("%(rank)s: no suggestion"), { rank });
  const { item, gone, confidence, distance, exemplar } = suggestion;
  if (gone) return fill(gettext("%(rank)s: deleted from the gallery, %(name)s"), { rank, name: item.name });
  const character = [item.character || gettext("unknown character"), item.codepoint].filter(Boolean).join(" ");
  const read = (item.readings ?? []).map(({ language, text }) => `${languageName(language)} ${text}`);
  const hidden = blind || confidence === null;
  const scores = fill(gettext("confidence %(percent)s, distance %(distance)s"), {
    percent: percent(confidence ?? 0),
    distance: number(distance ?? 0, 3),
  });
  const relation = proposedFor(suggestion);
  const proposed = relation && fill(gettext("proposed relation: %(relation)s"), { relation: named(relation) });
  const drawnUp = exemplar ? exemplarWords(exemplar) : "";
  const placed = suggestion.placed ? gettext("in this place on the woodblock") : "";
  const words = [character, ...read, hidden ? "" : scores, proposed, placed, drawnUp, item.name];
  return `${rank}: ${words.filter(Boolean).join(", ")}`;
}

/**
 * Show how a candidate is chosen.
 * @param {HTMLElement} element
 * @param {Choice} choice
 * @param {Relation} [relation]
 */
export function showChosen(element, choice, relation) {
  for (const [name, state] of [
    ["chosen", "match"],
    ["also", "also"],
    ["marked", "marked"],
  ]) {
    element.classList.toggle(name, choice === state);
  }
  const button = within(element, ".candidate-choose");
  button.setAttribute("aria-pressed", `${Boolean(choice)}`);
  const words = chosenWords(choice, relation);
  const chip = within(element, ".candidate-mark");
  setText(chip, words);
  chip.hidden = !words;
  if (words) button.setAttribute("aria-describedby", chip.id);
  else button.removeAttribute("aria-describedby");
}

/**
 * @param {Choice} choice
 * @param {Relation} [relation]
 */
function chosenWords(choice, relation) {
  if (!choice || (choice === "match" && !relation)) return "";
  const words = { also: gettext("also a match"), marked: gettext("marked"), match: gettext("the match") };
  return [words[choice], relation && named(relation)].filter(Boolean).join(": ");
}
