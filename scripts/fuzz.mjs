// npm run fuzz [-- --inputs 100000] [--seed 1]: spoils good files in random ways, and shows that each is read right, held or
// refused with a code. Exit code 1 when one is not; it is then left where the line says.
import { parseArgs } from 'node:util';
import { prepare, root } from './prepare.mjs';

const { values } = parseArgs({
  options: { inputs: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
await prepare();
const { fuzz } = await import('../packages/proof/dist/index.js');
const options = { root, inputs: Number(values.inputs), seed: Number(values.seed) };
process.exitCode = (await fuzz(options, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
