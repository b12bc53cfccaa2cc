// Keys of the review. Ignored while somebody types, composes, or has a dialog open.

const REASONS = { g: "not_in_gallery", d: "damaged", c: "bad_crop", n: "not_in_unicode" };
const BOUNCE = 80; // milliseconds in which the same key again is one press, not two

function typing(target) {
  return target.isContentEditable || target.matches?.("input, select, textarea");
}

/** What a key asks for: { do, rank?, reason? }; null where it asks for nothing. */
export function meaning(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (/^[1-5]$/.test(key)) return { do: "choose", rank: Number(key) };
  const digit = /^Digit([1-5])$/.exec(event.code);
  if (event.shiftKey && digit) return { do: "view", rank: Number(digit[1]) };
  if (key === "0") return { do: "answer", verdict: "none", reason: "" };
  if (key in REASONS) return { do: "answer", verdict: "none", reason: REASONS[key] };
  if (key === "q") return { do: "answer", verdict: "unsure", reason: "" };
  if (key === "s") return { do: "answer", verdict: "skip", reason: "" };
  if (key === "f" || key === "/") return { do: "find" };
  if (key === "r") return { do: "relate" };
  if (key === "u") return { do: "undo" };
  if (key === "v") return { do: "view", rank: 0 };
  if (key === "enter") return { do: "view", rank: 0, gentle: true };
  if (key === "arrowleft") return { do: "move", by: -1 };
  if (key === "arrowright") return { do: "move", by: 1 };
  if (key === "?") return { do: "help" };
  return null;
}

export function listen(act) {
  let last = { key: "", at: -Infinity };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const asked = meaning(event);
    if (!asked) return;
    // On a button or link, Enter is theirs.
    if (asked.gentle && event.target.closest("button, a, summary")) return;
    event.preventDefault();
    if (event.repeat && asked.do !== "move") return;
    const bounced = asked.do !== "move" && event.key === last.key && event.timeStamp - last.at < BOUNCE;
    last = { key: event.key, at: event.timeStamp };
    if (!bounced) act(asked);
  });
}
