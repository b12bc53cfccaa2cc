// The upload form: drop or choose, look, send.
import { toast } from "../lib/toast.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { commonName, fromDrop, fromInput } from "./entries.js";
import { FileList, size } from "./list.js";
import { Sending } from "./sending.js";

const part = (id) => document.getElementById(id);
const form = part("upload");
const zone = part("drop-zone");
const rows = new FileList(part("upload-list"), part("upload-row"));
const sending = new Sending({ create: form.dataset.create, changed });
let busy = false;
let drawn = false;

function changed(row) {
  if (row) rows.show(row);
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(() => {
    drawn = false;
    draw();
  });
}

function plural(count) {
  return fill(ngettext("%(count)s file", "%(count)s files", count), { count: number(count) });
}

function draw() {
  const total = sending.rows.reduce((sum, { file }) => sum + file.size, 0);
  const loaded = sending.rows.reduce((sum, row) => sum + row.loaded, 0);
  part("upload-overall").max = total || 1;
  part("upload-overall").value = loaded;
  part("upload-summary").textContent = summary(total);
  part("upload-speed").textContent = busy
    ? fill(gettext("%(place)s of %(total)s"), { place: size(loaded), total: size(total) })
    : "";
}

function summary(total) {
  if (sending.trouble) return sending.trouble;
  const done = sending.count("done");
  const words = [`${plural(sending.rows.length)}, ${size(total)}`];
  if (busy || done) {
    const said = gettext("%(done)s of %(files)s arrived");
    words[0] = fill(said, { done: number(done), files: plural(sending.rows.length) });
  }
  const others = {
    left_out: gettext("%(count)s left out"),
    failed: gettext("%(count)s not sent"),
    cancelled: gettext("%(count)s cancelled"),
  };
  for (const [state, said] of Object.entries(others)) {
    const count = sending.count(state);
    if (count) words.push(fill(said, { count: number(count) }));
  }
  return words.join(", ");
}

function take(files) {
  if (busy) return;
  sending.add(files);
  if (!sending.rows.length) {
    toast(gettext("There was no file in that."), { bad: true });
    return;
  }
  if (part("upload-plan").hidden) part("upload-name").value = commonName(files);
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
      name: part("upload-name").value.trim(),
      shared: part("upload-shared")?.checked ?? false,
    });
  } catch (error) {
    const said = fill(gettext("The upload stopped: %(why)s"), { why: error.message });
    toast([said, error.hint].filter(Boolean).join("; "), { bad: true, seconds: 0 });
  }
  busy = false;
  show();
  page ??= sending.urls?.page;
  if (page) part("upload-open").href = page;
  part("upload-open").hidden = !page;
  if (page && !sending.count("failed") && !sending.count("cancelled")) location.assign(page);
}

function show() {
  const unsent = sending.count("failed") + sending.count("cancelled");
  part("upload-start").hidden = busy || Boolean(sending.urls);
  part("upload-again").hidden = busy || !unsent;
  part("upload-cancel").hidden = !busy && Boolean(sending.urls);
  zone.hidden = busy || Boolean(sending.urls);
  for (const id of ["upload-name", "upload-shared"]) {
    if (part(id)) part(id).disabled = busy || Boolean(sending.urls);
  }
  draw();
}

for (const [button, input] of [
  ["choose-files", "upload-files"],
  ["choose-folder", "upload-folder"],
]) {
  part(button).addEventListener("click", () => part(input).click());
  part(input).addEventListener("change", () => {
    take(fromInput(part(input)));
    part(input).value = "";
  });
}

// A file dropped beside the zone must not replace the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
let inside = 0;
for (const [name, by] of [
  ["dragenter", 1],
  ["dragleave", -1],
]) {
  document.addEventListener(name, () => {
    inside += by;
    zone.classList.toggle("over", inside > 0);
  });
}
document.addEventListener("drop", async (event) => {
  inside = 0;
  zone.classList.remove("over");
  try {
    take(await fromDrop(event.dataTransfer));
  } catch {
    toast(gettext("Something in that could not be read. Try choosing the folder instead."), { bad: true });
  }
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
part("upload-again").addEventListener("click", () => {
  sending.again();
  send();
});
part("upload-cancel").addEventListener("click", () => {
  if (busy) sending.cancel();
  else location.reload();
});
window.addEventListener("beforeunload", (event) => {
  if (busy) event.preventDefault();
});
