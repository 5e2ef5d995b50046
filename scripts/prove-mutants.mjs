// npm run prove:mutants [-- PART OF A NAME]: breaks a copy of the product in known ways, and shows that the checker goes red
// for each. Exit code 1 when one is not caught.
import { KAFKA_VERSION } from './local-kafka.mjs';
import { prepare, root } from './prepare.mjs';

await prepare();
const { proveMutants } = await import('../packages/proof/dist/index.js');
try {
  const options = { root, kafka: KAFKA_VERSION, only: process.argv[2] ?? null };
  process.exitCode = (await proveMutants(options, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
} catch (err) {
  process.stderr.write(`${err.exitCode === undefined ? err.stack : err.message}\n`);
  process.exitCode = err.exitCode ?? 1;
}
