// The list of files: one row a file, but never thousands of rows. What needs a look stays on the list.

import { gettext, number } from "../lib/words.js";

const MOST_ROWS = 300;

/** A row's state in words. */
function named(state) {
  const names = {
    sending: gettext("sending"),
    done: gettext("arrived"),
    left_out: gettext("left out"),
    failed: gettext("not sent"),
    cancelled: gettext("cancelled"),
  };
  return names[state] ?? "";
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${number(Math.round(bytes / 1024))} KB`;
  return `${number(bytes / 1024 ** 2, 1)} MB`;
}

export class FileList {
  constructor(list, template) {
    this.list = list;
    this.template = template;
    this.shown = new Map();
  }

  show(row) {
    let element = this.shown.get(row);
    if (!element) {
      const notable = row.state === "failed" || row.state === "left_out";
      if (this.shown.size >= MOST_ROWS && !notable) return;
      element = this.make(row);
    }
    if (element.dataset.state !== row.state) {
      element.dataset.state = row.state;
      element.querySelector(".upload-row-said").textContent = [named(row.state), row.said].filter(Boolean).join(": ");
    }
    const bar = element.querySelector("progress");
    bar.max = row.file.size || 1;
    bar.value = row.state === "done" || row.state === "left_out" ? bar.max : row.loaded;
  }

  make(row) {
    const element = this.template.content.firstElementChild.cloneNode(true);
    element.dataset.name = row.name;
    element.dataset.state = "";
    element.querySelector(".upload-row-name").textContent = row.name;
    element.querySelector(".upload-row-size").textContent = size(row.file.size);
    element.querySelector("progress").setAttribute("aria-label", row.name);
    this.list.append(element);
    this.shown.set(row, element);
    return element;
  }
}
