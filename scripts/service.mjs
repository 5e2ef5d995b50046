// npm run chunker|processor|reporter|api: one service, for those who run Kafka and Postgres themselves.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './prepare.mjs';

await prepare();
await import(pathToFileURL(join(root, 'services', process.argv[2], 'dist', 'main.js')).href);
