// Texts in the person's language: from Django's catalogue, where the page has one, else as they stand.

/** `text` in the person's language. Its first argument is read by makemessages: write it out. */
export function gettext(text) {
  return globalThis.django?.gettext?.(text) ?? text;
}

/** As `gettext`, in the form that fits `count`. */
export function ngettext(one, many, count) {
  return globalThis.django?.ngettext?.(one, many, count) ?? (count === 1 ? one : many);
}

/** `text` with its %(names)s filled in from `values`. */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

/** A number as it is written in the person's language. */
export function number(value, places = 0) {
  const form = { minimumFractionDigits: places, maximumFractionDigits: places };
  return value.toLocaleString(globalThis.document?.documentElement.lang || "en", form);
}
