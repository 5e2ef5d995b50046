import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export default async function stopPostgres() {
  const { directory, stop } = globalThis.testPostgres;
  await stop();
  // Where Postgres may not enter the folder of the tests, its data are elsewhere.
  const room = join(directory, 'postgres', 'room');
  if (existsSync(room)) rmSync(readFileSync(room, 'utf8').trim(), { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
}
