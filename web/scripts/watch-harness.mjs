// Measures how far apart real browsers are, and prints the table: `npm run watch-harness`. See harness/README.md.
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('../harness/run.ts', import.meta.url).pathname, { configFile: false });
process.exit(await module.run(process.argv.slice(2)));
