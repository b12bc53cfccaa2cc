// Bundles the page assets into static/dist. `--watch` builds again at every change.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const options = {
  absWorkingDir: dirname(here),
  entryPoints: {
    app: join(here, "js/app.js"),
    upload: join(here, "js/upload/index.js"),
    review: join(here, "js/review/index.js"),
    adjudication: join(here, "js/adjudication/index.js"),
    item: join(here, "js/item.js"),
    audit: join(here, "js/audit/index.js"),
    bulk: join(here, "js/bulk/index.js"),
    pages: join(here, "js/pages/index.js"),
    printed: join(here, "js/printed/index.js"),
    blocks: join(here, "js/blocks/index.js"),
    map: join(here, "js/overview/index.js"),
    "overlay-worker": join(here, "js/overlay/worker.js"),
    style: join(here, "css/style.css"),
    dark: join(here, "css/dark.css"),
    hangul: join(here, "css/hangul.css"),
  },
  outdir: join(here, "dist"),
  bundle: true,
  splitting: true, // the 3D viewer is fetched only when it is opened
  format: "esm",
  target: ["es2022", "chrome108", "firefox110", "safari16"],
  minify: true,
  legalComments: "linked",
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]-[hash]",
  chunkNames: "chunks/[name]-[hash]",
  logLevel: "warning",
};

/** Lay a compressed copy beside each text file: the web server sends it to browsers that take it. */
async function compress(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/\.(js|css)$/.test(name)) continue;
    const text = await readFile(join(folder, name));
    await writeFile(join(folder, `${name}.gz`), gzipSync(text, { level: 9 }));
    await writeFile(join(folder, `${name}.br`), brotliCompressSync(text));
  }
}

await rm(options.outdir, { recursive: true, force: true });
if (process.argv.includes("--watch")) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
  await compress(options.outdir);
}
