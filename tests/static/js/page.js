// A page for scripts that need one: no elements, but events and the browser's stores.
import { store } from "./store.js";

class Page extends EventTarget {
  documentElement = new Element();
  activeElement = null;
  querySelector = () => null;
  querySelectorAll = () => [];
  getElementById = () => null;
}

/** An element as far as keys ask for it. fits: the selectors that fit it. */
export class Element extends EventTarget {
  constructor(...fits) {
    super();
    this.fits = fits;
  }

  matches(selector) {
    return this.fits.some((one) => selector.split(", ").includes(one));
  }

  closest(selector) {
    return this.matches(selector) ? this : null;
  }
}

/** Open a new page, as what `document` and `window` are from now on. */
export function openPage() {
  const page = new Page();
  const stores = { localStorage: store(), sessionStorage: store() };
  Object.assign(globalThis, { Element, HTMLElement: Element, document: page, ...stores });
  globalThis.window = Object.assign(new EventTarget(), stores);
  return page;
}

/** Press a key on the page. Returns whether somebody took it. */
export function press(page, key, { at = 0, target = page.documentElement, ...more } = {}) {
  const event = new Event("keydown", { cancelable: true });
  const given = { key, code: "", ctrlKey: false, metaKey: false, altKey: false, isComposing: false, ...more };
  for (const [name, value] of Object.entries({ ...given, timeStamp: at, target })) {
    Object.defineProperty(event, name, { value });
  }
  page.dispatchEvent(event);
  return event.defaultPrevented;
}
