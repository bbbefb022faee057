// The size gate: what a browser loads before the first screen works, and each later chunk, against fixed limits.
// Reads Vite's manifest, so that a chunk which slips into the first load is counted the day it does.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const LIMITS = { firstJsGz: 150, firstJsBr: 130, firstCssGz: 15, lazyGz: 40 };
/** Libraries that only some ever load, each with a limit of its own: what plays streams where the browser does not, and the
 * editor of duels with its two languages. */
const LARGE = { 'hls.light': 120, 'code-editor': 190 };

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = process.argv[2] ?? join(root, 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));

/** Every chunk that `key` pulls in without a dynamic import. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

function weigh(fileNames) {
  let gz = 0;
  let br = 0;
  for (const name of fileNames) {
    const bytes = readFileSync(join(dist, name));
    gz += gzipSync(bytes, { level: 9 }).byteLength;
    br += brotliCompressSync(bytes).byteLength;
  }
  return { gz: gz / 1000, br: br / 1000 };
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = closure(entry);
const js = weigh([...first].map((key) => manifest[key].file));
const css = weigh(new Set([...first].flatMap((key) => manifest[key].css ?? [])));

let failed = false;
function line(label, value, limit) {
  const over = value > limit;
  failed ||= over;
  console.log(`${over ? 'OVER ' : 'ok   '} ${label.padEnd(34)} ${value.toFixed(1).padStart(7)} KB   limit ${limit}`);
}

line('first load, JS gz', js.gz, LIMITS.firstJsGz);
line('first load, JS br', js.br, LIMITS.firstJsBr);
line('first load, CSS gz', css.gz, LIMITS.firstCssGz);
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry) continue;
  const own = [...closure(key)].filter((k) => !first.has(k)).map((k) => manifest[k].file);
  line(`later: ${chunk.name ?? key}, JS gz`, weigh(own).gz, LARGE[chunk.name] ?? LIMITS.lazyGz);
}
process.exit(failed ? 1 : 0);
