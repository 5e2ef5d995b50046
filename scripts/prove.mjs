// npm run prove -- [--seeds 20] [--seed N] [--rows 200000]: random faults against the running services, and an independent
// checker. Prints a line for each seed; exit code 1 when one is red.
import { KAFKA_VERSION } from './local-kafka.mjs';
import { prepare, root } from './prepare.mjs';

await prepare();
const { prove, readOptions } = await import('../packages/proof/dist/index.js');
try {
  const options = readOptions(process.argv.slice(2), { root, kafka: KAFKA_VERSION });
  process.exitCode = (await prove(options, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
} catch (err) {
  process.stderr.write(`${err.exitCode === undefined ? err.stack : err.message}\n`);
  process.exitCode = err.exitCode ?? 1;
}
