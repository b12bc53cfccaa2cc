// The upload form: drop or choose, look, send.
import { onClick, part } from "../lib/dom.js";
import { inWords } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { commonName, fromDrop, fromInput } from "./entries.js";
import { FileList, size } from "./list.js";
import { Sending } from "./sending.js";

/** @import { Found } from "./entries.js" */
/** @import { Row, State } from "./sending.js" */

const form = part("upload", HTMLFormElement);
const zone = part("drop-zone");
const rows = new FileList(part("upload-list"), part("upload-row", HTMLTemplateElement));
const nameField = part("upload-name", HTMLInputElement);
const sharedTick = /** @type {HTMLInputElement | null} */ (document.getElementById("upload-shared"));
const sending = new Sending({ create: form.dataset.create ?? "", changed });
let busy = false;
let drawn = false;

/** @param {Row | null} row */
function changed(row) {
  if (row) rows.show(row);
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(() => {
    drawn = false;
    draw();
  });
}

/** @param {number} count */
function plural(count) {
  return fill(ngettext("%(count)s file", "%(count)s files", count), { count: number(count) });
}

function draw() {
  const total = sending.rows.reduce((sum, { file }) => sum + file.size, 0);
  const loaded = sending.rows.reduce((sum, row) => sum + row.loaded, 0);
  const bar = part("upload-overall", HTMLProgressElement);
  bar.max = total || 1;
  bar.value = loaded;
  part("upload-summary").textContent = summary(total);
  part("upload-speed").textContent = busy
    ? fill(gettext("%(place)s of %(total)s"), { place: size(loaded), total: size(total) })
    : "";
}

/** @param {number} total bytes */
function summary(total) {
  if (sending.trouble) return sending.trouble;
  const done = sending.count("done");
  const words = [`${plural(sending.rows.length)}, ${size(total)}`];
  if (busy || done) {
    const arrived = gettext("%(done)s of %(files)s uploaded");
    words[0] = fill(arrived, { done: number(done), files: plural(sending.rows.length) });
  }
  /** @type {Partial<Record<State, string>>} */
  const others = {
    left_out: gettext("%(count)s left out"),
    failed: gettext("%(count)s not sent"),
    cancelled: gettext("%(count)s cancelled"),
  };
  for (const [state, text] of Object.entries(others)) {
    const count = sending.count(/** @type {State} */ (state));
    if (count) words.push(fill(text, { count: number(count) }));
  }
  return words.join(", ");
}

/** @param {Found[]} files */
function take(files) {
  if (busy) return;
  sending.add(files);
  if (!sending.rows.length) {
    toast(gettext("There were no files in that."), { bad: true });
    return;
  }
  if (part("upload-plan").hidden) nameField.value = commonName(files);
  part("upload-plan").hidden = false;
  sending.rows.forEach((row) => rows.show(row));
  part("upload-start").textContent = fill(gettext("Upload %(files)s"), { files: plural(sending.rows.length) });
  part("upload-start").focus();
  draw();
}

async function send() {
  if (busy || !sending.rows.length) return;
  busy = true;
  show();
  let page = null;
  try {
    page = await sending.run({
      name: nameField.value.trim(),
      shared: sharedTick?.checked ?? false,
    });
  } catch (error) {
    toast(fill(gettext("The upload stopped: %(why)s"), { why: inWords(error) }), { bad: true, seconds: 0 });
  }
  busy = false;
  show();
  page ??= sending.urls?.page;
  if (page) part("upload-open", HTMLAnchorElement).href = page;
  part("upload-open").hidden = !page;
  if (page && !sending.count("failed") && !sending.count("cancelled")) location.assign(page);
}

function show() {
  const unsent = sending.count("failed") + sending.count("cancelled");
  part("upload-start").hidden = busy || Boolean(sending.urls);
  part("upload-again").hidden = busy || !unsent;
  part("upload-cancel").hidden = !busy && Boolean(sending.urls);
  zone.hidden = busy || Boolean(sending.urls);
  for (const field of [nameField, sharedTick]) {
    if (field) field.disabled = busy || Boolean(sending.urls);
  }
  draw();
}

for (const [button, input] of [
  ["choose-files", "upload-files"],
  ["choose-folder", "upload-folder"],
]) {
  const field = part(input, HTMLInputElement);
  onClick(button, () => field.click());
  field.addEventListener("change", () => {
    take(fromInput(field));
    field.value = "";
  });
}

// A file dropped beside the zone must not replace the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
let inside = 0;
document.addEventListener("dragenter", () => enter(1));
document.addEventListener("dragleave", () => enter(-1));
/** @param {1 | -1} by into another element, or out of one */
function enter(by) {
  inside += by;
  zone.classList.toggle("over", inside > 0);
}

document.addEventListener("drop", async (event) => {
  inside = 0;
  zone.classList.remove("over");
  try {
    if (event.dataTransfer) take(await fromDrop(event.dataTransfer));
  } catch {
    toast(gettext("Some of it could not be read. Choose the folder with the button instead."), { bad: true });
  }
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
onClick("upload-again", () => {
  sending.again();
  send();
});
onClick("upload-cancel", () => {
  if (busy) sending.cancel();
  else location.reload();
});
window.addEventListener("beforeunload", (event) => {
  if (busy) event.preventDefault();
});
