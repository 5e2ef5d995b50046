import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './prepare.mjs';

/** Runs the command line in this very process, so that signals reach it directly. */
export async function runPassbook(argv) {
  await prepare();
  const { main } = await import(pathToFileURL(join(root, 'services', 'cli', 'dist', 'index.js')).href);
  await main(argv);
}
