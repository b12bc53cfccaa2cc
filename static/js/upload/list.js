// The list of files: one row a file, but never thousands of rows. What needs a look stays on the list.

const MOST_ROWS = 300;
const SAID = {
  waiting: "",
  sending: "sending",
  done: "arrived",
  left_out: "left out",
  failed: "not sent",
  cancelled: "cancelled",
};

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
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
      element.querySelector(".upload-row-said").textContent = [SAID[row.state], row.said].filter(Boolean).join(": ");
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
