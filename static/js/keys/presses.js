// What a key press means: by the character that it types, and where that means nothing, by the key's place.
//
// Shortcuts are named by Latin letters, digits and marks. Russian letters, the accents of a Vietnamese layout or
// the marks above the digits of a French one name none of them: there the key's place on the board is what a
// person means by "1" or "d".

const NAMELESS = new Set(["dead", "process", "unidentified"]); // types nothing by itself, but has a place
const SILENT = new Set([...NAMELESS, "shift", "control", "alt", "altgraph", "meta", "capslock"]);
/** @type {Record<string, string>} */
const MARKS = {
  Slash: "/",
  Semicolon: ";",
  Comma: ",",
  Period: ".",
  Quote: "'",
  Minus: "-",
  Equal: "=",
  Space: "space",
};

/** @typedef {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey"> & { code?: string, shiftKey?: boolean }} Press */

/**
 * What a press types, as shortcuts name it: "d", "?", "enter", "space". Null for what is the browser's, and
 * for what types nothing. Full-width characters count as the plain ones that they stand for.
 * @param {Press} event
 */
export function keyOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.normalize("NFKC").toLowerCase();
  if (SILENT.has(key)) return null;
  return key === " " ? "space" : key;
}

/**
 * What a press may mean, the likeliest first: what it types, then what stands at its place on the board.
 * @param {Press} event
 * @returns {string[]}
 */
export function namesOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return [];
  const names = [keyOf(event), placeOf(event)].filter((name) => name !== null);
  return [...new Set(names)];
}

const HELD = new Set(["z", "y"]); // what every editor does with Ctrl: undo and redo

/**
 * As `namesOf`, on pages where keys that are held count: "shift+arrowup" goes before "arrowup", and the combinations
 * for undoing are "ctrl+z", "ctrl+shift+z" and "ctrl+y", whichever key of that kind the system has.
 * @param {Press} event
 * @returns {string[]}
 */
export function heldNamesOf(event) {
  if (event.ctrlKey || event.metaKey) {
    const names = event.altKey ? [] : namesOf({ ...plain(event), ctrlKey: false, metaKey: false });
    return names.filter((name) => HELD.has(name)).map((name) => `ctrl+${event.shiftKey ? "shift+" : ""}${name}`);
  }
  const names = namesOf(event);
  const named = names.filter((name) => name.length > 1 || /[a-z]/.test(name));
  return event.shiftKey ? [...named.map((name) => `shift+${name}`), ...names] : names;
}

/**
 * What counts of an event, as a plain object.
 * @param {Press} event
 */
const plain = ({ key, code, altKey, shiftKey }) => ({ key, code, altKey, shiftKey });

/**
 * The digit, letter or mark at a key's place on the board; null where what is typed says enough.
 * @param {Press} event
 */
function placeOf({ key, code = "", shiftKey = false }) {
  const typed = key.normalize("NFKC");
  const types = [...typed].length === 1;
  if (!types && !NAMELESS.has(typed.toLowerCase())) return null; // Enter, F5, an arrow
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
  if (digit) return shiftKey ? null : digit[1];
  if (types && typed.charCodeAt(0) < 128) return null; // a Latin layout: each letter and mark has its own key
  const letter = /^Key([A-Z])$/.exec(code);
  return letter ? letter[1].toLowerCase() : (MARKS[code] ?? null);
}

/**
 * What a press does among these, by its first name that is one of theirs; null where it does nothing.
 * @template T
 * @param {Press} event
 * @param {Record<string, T>} acts by key
 * @returns {T | null}
 */
export function meant(event, acts) {
  const name = namesOf(event).find((one) => Object.hasOwn(acts, one));
  return name === undefined ? null : acts[name];
}

/**
 * Whether the press belongs to an input method that is putting a character together in a text field.
 * @param {Pick<KeyboardEvent, "isComposing" | "keyCode">} event
 */
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Whether the press is an input method's own, outside text fields. One that is switched on takes keys there too,
 * and says nothing but "Process" of them: these are the page's, by their places.
 * @param {Pick<KeyboardEvent, "isComposing" | "keyCode" | "key">} event
 */
export function takenByInputMethod(event) {
  return composing(event) && (event.isComposing || !NAMELESS.has(event.key.toLowerCase()));
}
