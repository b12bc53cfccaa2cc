// What a person dropped or chose, folders and all.

/** @typedef {{ file: File, name: string }} Found name: the path */

/**
 * Read a drop. The entries must be taken at once: after the event the browser forgets them.
 * @param {DataTransfer} transfer
 * @returns {Promise<Found[]>}
 */
export async function fromDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const loose = items.map((item) => item.getAsFile());
  const found = await Promise.all(entries.map((entry, i) => (entry ? walk(entry) : named(loose[i]))));
  return found.flat();
}

/**
 * The files that were chosen.
 * @param {HTMLInputElement} input
 * @returns {Found[]}
 */
export function fromInput(input) {
  return [...(input.files ?? [])].flatMap(named);
}

/**
 * @param {File | null} file
 * @returns {Found[]}
 */
function named(file) {
  return file ? [{ file, name: file.webkitRelativePath || file.name }] : [];
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<Found[]>}
 */
async function walk(entry) {
  if (entry.isFile) {
    const file = await fileOf(/** @type {FileSystemFileEntry} */ (entry));
    return [{ file, name: entry.fullPath.replace(/^\//, "") }];
  }
  const inside = await entriesOf(/** @type {FileSystemDirectoryEntry} */ (entry));
  return (await Promise.all(inside.map(walk))).flat();
}

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
function fileOf(entry) {
  return new Promise((done, fail) => entry.file(done, fail));
}

/** @param {FileSystemDirectoryEntry} folder */
async function entriesOf(folder) {
  const reader = folder.createReader();
  const inside = [];
  // A folder gives a hundred entries at a time, until it gives none.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return inside;
    inside.push(...some);
  }
}

/**
 * The folder or zip that everything came in, else nothing: a name to begin with.
 * @param {Pick<Found, "name">[]} files
 */
export function commonName(files) {
  const tops = new Set(files.map(({ name }) => name.split("/")[0]));
  if (tops.size !== 1) return "";
  return [...tops][0].replace(/\.[^.]{1,5}$/, "");
}
