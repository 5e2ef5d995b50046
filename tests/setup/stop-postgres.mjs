import { rmSync } from 'node:fs';

export default async function stopPostgres() {
  await globalThis.testPostgres?.stop();
  if (globalThis.testPostgres) rmSync(globalThis.testPostgres.directory, { recursive: true, force: true });
}
