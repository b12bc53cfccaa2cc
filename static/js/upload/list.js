// The list of files: one row a file, but never thousands of rows. What needs a look stays on the list.

import { setText, within } from "../lib/dom.js";
import { gettext, number } from "../lib/words.js";

/** @import { Row, State } from "./sending.js" */

const MOST_ROWS = 300;

/**
 * A row's state in words.
 * @param {State} state
 */
function named(state) {
  /** @type {Partial<Record<State, string>>} */
  const names = {
    sending: gettext("sending"),
    done: gettext("uploaded"),
    left_out: gettext("left out"),
    failed: gettext("not sent"),
    cancelled: gettext("cancelled"),
  };
  return names[state] ?? "";
}

/**
 * So many bytes in words.
 * @param {number} bytes
 */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${number(Math.round(bytes / 1024))} KB`;
  return `${number(bytes / 1024 ** 2, 1)} MB`;
}

export class FileList {
  /**
   * @param {HTMLElement} list
   * @param {HTMLTemplateElement} template of a row
   */
  constructor(list, template) {
    this.list = list;
    this.template = template;
    /** @type {Map<Row, HTMLElement>} */
    this.shown = new Map();
  }

  /**
   * Show how a row fares.
   * @param {Row} row
   */
  show(row) {
    let element = this.shown.get(row);
    if (!element) {
      const notable = row.state === "failed" || row.state === "left_out";
      if (this.shown.size >= MOST_ROWS && !notable) return;
      element = this.make(row);
    }
    if (element.dataset.state !== row.state) {
      element.dataset.state = row.state;
      setText(within(element, ".upload-row-said"), [named(row.state), row.reason].filter(Boolean).join(": "));
    }
    const bar = within(element, "progress", HTMLProgressElement);
    bar.max = row.file.size || 1;
    bar.value = row.state === "done" || row.state === "left_out" ? bar.max : row.loaded;
  }

  /** @param {Row} row */
  make(row) {
    const element = /** @type {HTMLElement} */ (this.template.content.firstElementChild?.cloneNode(true));
    element.dataset.name = row.name;
    element.dataset.state = "";
    setText(within(element, ".upload-row-name"), row.name);
    within(element, ".upload-row-size").textContent = size(row.file.size);
    within(element, "progress").setAttribute("aria-label", row.name);
    this.list.append(element);
    this.shown.set(row, element);
    return element;
  }
}
