// npm run schemas: writes the schemas of events to packages/contracts/schemas/, from the code that they are made of.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

await prepare();
const { describeEvents } = await import('../packages/contracts/dist/index.js');
const folder = join(root, 'packages/contracts/schemas');
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(describeEvents())) {
  writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
}
