// What a person dropped or chose, folders and all, as [{ file, name }]; name is the path.

/** Read a drop. The entries must be taken at once: after the event the browser forgets them. */
export async function fromDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const loose = items.map((item) => item.getAsFile());
  const found = await Promise.all(entries.map((entry, i) => (entry ? walk(entry) : loose[i] ? [named(loose[i])] : [])));
  return found.flat();
}

export function fromInput(input) {
  return [...input.files].map(named);
}

function named(file) {
  return { file, name: file.webkitRelativePath || file.name };
}

async function walk(entry) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    return [{ file, name: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const inside = [];
  // A folder is told a hundred entries at a time, until it tells none.
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map(walk))).flat();
}

/** The folder or zip that everything came in, else nothing: a name to begin with. */
export function commonName(files) {
  const tops = new Set(files.map(({ name }) => name.split("/")[0]));
  if (tops.size !== 1) return "";
  return [...tops][0].replace(/\.[^.]{1,5}$/, "");
}
