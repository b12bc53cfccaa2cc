// One of the five candidates as it is seen: pictures and words put into a frame that never changes.
import { fill, gettext, number } from "../../lib/words.js";
import { named } from "../answering/relation.js";

const percent = (share) => `${number(Math.round(share * 100))} %`;

export const candidates = [...document.querySelectorAll(".candidate")];

export function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Put a suggestion into the frame; null empties it. blind: its scores are not to be seen. */
export function showCandidate(element, suggestion, pictures, blind) {
  const item = suggestion?.item;
  const gone = Boolean(suggestion?.gone);
  element.classList.toggle("absent", !suggestion);
  element.classList.toggle("gone", gone);
  element.dataset.item = item?.id ?? "";
  const choose = element.querySelector(".candidate-choose");
  choose.disabled = !suggestion || gone;
  choose.setAttribute("aria-description", spoken(element.dataset.rank, suggestion, blind));
  const view = element.querySelector(".candidate-view");
  view.disabled = gone || !item?.viewer;
  const like = element.querySelector(".candidate-like");
  like.disabled = !item || gone;
  like.setAttribute("aria-label", fill(gettext("Find blocks like candidate %(rank)s"), { rank: element.dataset.rank }));
  view.setAttribute("aria-label", fill(gettext("Turn candidate %(rank)s in 3D"), { rank: element.dataset.rank }));
  const put = (name, one) => element.querySelector(name).replaceChildren(...(one ? [one.image] : []));
  put(".candidate-thumb", pictures?.thumbnail);
  put(".candidate-print", pictures?.print);
  put(".candidate-glyph", pictures?.glyph);
  showExemplar(element.querySelector(".candidate-as"), suggestion?.exemplar, pictures?.exemplar);
  const scored = suggestion && !blind;
  text(element.querySelector(".candidate-code"), item ? item.codepoint || gettext("not known") : "");
  text(element.querySelector(".candidate-sure"), scored ? percent(suggestion.confidence) : "");
  text(element.querySelector(".candidate-distance"), scored ? number(suggestion.distance, 3) : "");
  element.classList.toggle("blind", Boolean(suggestion) && blind);
  element.querySelector("progress").value = scored ? suggestion.confidence : 0;
  element.title = item?.name ?? "";
  readings(element.querySelector(".candidate-readings"), item?.readings ?? []);
}

/** The answered picture that drew the candidate nearer, small in its corner; a sign where it is not to be seen. */
function showExemplar(room, exemplar, shown) {
  room.hidden = !exemplar;
  room.title = exemplar ? asAnswered(exemplar) : "";
  room.replaceChildren(shown ? shown.image : "≈");
}

function asAnswered({ name }) {
  return name ? fill(gettext("As answered for %(name)s"), { name }) : gettext("As answered for a picture like it");
}

/** Put an item's readings into an element, each in its language. */
export function readings(room, all) {
  const shown = all.map(({ language, text: said }) => {
    const one = document.createElement("span");
    one.lang = language === "sino-vi" ? "vi" : language;
    one.textContent = said;
    one.title = `${tongue(language)}: ${said}`;
    return one;
  });
  room.replaceChildren(...shown);
}

/** A language's name. */
export function tongue(language) {
  const names = {
    vi: gettext("Vietnamese"),
    "sino-vi": gettext("Sino-Vietnamese"),
    zh: gettext("Mandarin"),
    ja: gettext("Japanese"),
    ko: gettext("Korean"),
  };
  return names[language] ?? language;
}

/** A candidate in words, for who does not see it. */
function spoken(rank, suggestion, blind) {
  if (!suggestion) return fill(gettext("%(rank)s: no candidate"), { rank });
  const { item, gone, confidence, distance, exemplar } = suggestion;
  if (gone) return fill(gettext("%(rank)s: gone from the gallery, %(name)s"), { rank, name: item.name });
  const character = [item.character || gettext("character not known"), item.codepoint].filter(Boolean).join(" ");
  const read = (item.readings ?? []).map((one) => `${tongue(one.language)} ${one.text}`);
  const sure = fill(gettext("%(percent)s sure, distance %(distance)s"), {
    percent: percent(confidence ?? 0),
    distance: number(distance ?? 0, 3),
  });
  return `${rank}: ${[character, ...read, ...(blind ? [] : [sure]), ...(exemplar ? [asAnswered(exemplar)] : []), item.name].join(", ")}`;
}

/** Show a candidate as the match ("match"), as one match of several ("also"), as marked, or as none ("").  */
export function showChosen(element, state, relation) {
  element.classList.toggle("chosen", state === "match");
  element.classList.toggle("also", state === "also");
  element.classList.toggle("marked", state === "marked");
  element.querySelector(".candidate-choose").setAttribute("aria-pressed", Boolean(state));
  const words = {
    also: gettext("a match too"),
    marked: gettext("marked"),
    match: gettext("the match"),
  };
  const said = state && (state !== "match" || relation) ? [words[state], relation && named(relation)] : [];
  const chip = element.querySelector(".candidate-mark");
  text(chip, said.filter(Boolean).join(": "));
  chip.hidden = !said.length;
  const name = element.querySelector(".candidate-choose");
  if (said.length) name.setAttribute("aria-describedby", chip.id);
  else name.removeAttribute("aria-describedby");
}
