// The card as it is seen. Its frame never changes: only pictures and words are put into it.

const part = (id) => document.getElementById(id);
const percent = (share) => `${Math.round(share * 100)} %`;

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
  text(element.querySelector(".candidate-code"), item ? item.codepoint || "not known" : "");
  text(element.querySelector(".candidate-sure"), suggestion ? percent(suggestion.confidence) : "");
  text(element.querySelector(".candidate-distance"), suggestion ? suggestion.distance.toFixed(3) : "");
  element.querySelector("progress").value = suggestion?.confidence ?? 0;
  element.title = item?.name ?? "";
  const words = item && [
    `${element.dataset.rank}: ${item.character || "character not known"} ${item.codepoint}`,
    `${percent(suggestion.confidence)} sure`,
    `distance ${suggestion.distance.toFixed(3)}`,
    item.name,
  ];
  choose.setAttribute("aria-label", words ? words.join(", ") : `${element.dataset.rank}: no candidate`);
  element.querySelector(".candidate-view").setAttribute("aria-label", `Turn candidate ${element.dataset.rank} in 3D`);
}

export function showCard({ card, main, pictures }, place, total) {
  part("query-image").replaceChildren(main.image);
  text(part("query-name"), card.name);
  part("query-name").title = card.name;
  text(part("query-place"), `${place.toLocaleString()} of ${total.toLocaleString()}`);
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
  let note = "";
  if (elsewhere) note = "Your answer is another item of the gallery, not among these five.";
  else if (byOther) note = "Somebody else has answered this one. An answer of yours would be the newest.";
  else if (!card.suggestions.length) note = "The gallery had nothing to suggest.";
  text(part("review-note"), note);
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
  text(part("review-count"), `${answered.toLocaleString()} of ${total.toLocaleString()} answered`);
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
  const title = left ? "The rest was skipped" : "Every picture is answered";
  text(part("review-done-title"), title);
  text(part("review-done-said"), skipped ? `${skipped.toLocaleString()} skipped.` : "The labels can be taken away now.");
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
