// Prints how far apart viewers are, by our rules and by those of others, in simulated evenings: `npm run watch-table`.
// Arguments: evenings per rule (default 40), then each number of viewers (default 3 and 5).
import { runnerImport } from 'vite';

const [evenings = 40, ...viewers] = process.argv.slice(2).map(Number);
const { module } = await runnerImport(new URL('../src/watch/sync/testing/table.ts', import.meta.url).pathname, { configFile: false });
for (const count of viewers.length > 0 ? viewers : [3, 5]) {
  const began = performance.now();
  console.log(`\n${count} viewers, ${evenings} evenings of 79 s, one-way delay 100 ± 50 ms, order kept:\n`);
  console.log(module.table(count, evenings));
  console.log(`\n(${((performance.now() - began) / 1000).toFixed(1)} s)`);
}
