import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own, with the call that deletes it. */
export async function makeTestFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'passbook-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
