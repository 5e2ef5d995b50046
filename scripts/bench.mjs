// npm run bench -- [--rows 1000000] [--runs 3] [--only a,b] [--out FOLDER] [--profile]: how fast it is, beside what a DBA
// needs for the same. Prints ratios; it asserts no times. Exit code 1 when something could not be measured.
import { prepare, root } from './prepare.mjs';

await prepare();
const { bench, readOptions } = await import('../packages/bench/dist/index.js');
try {
  const standsIn = process.env.INIT_CWD ?? process.cwd();
  const options = readOptions(process.argv.slice(2), { root, standsIn });
  process.exitCode = (await bench(options, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
} catch (err) {
  process.stderr.write(`${err.exitCode === undefined ? err.stack : err.message}\n`);
  process.exitCode = err.exitCode ?? 1;
}
