import { listUnattendedImports } from '@passbook/imports';
import type { CarryParts } from './carry-import.js';
import { makeCleaner } from './clean-claimed.js';
import { makePatience } from './patience.js';
import { makeStaleTeller } from './tell-stale-imports.js';

export const SWEEP_EVERY_MS = 10_000;

/**
 * One look for what nobody attends to: imports of a chunker that died or gave up, and copies that it left. Imports that do
 * not come further are told.
 * @param run starts a task in its turn, and tells what fails in it
 */
export function makeSweep(
  { database, folders, log }: Pick<CarryParts, 'database' | 'folders' | 'log'>,
  carry: (importNo: number) => Promise<void>,
  run: (task: () => Promise<void>) => void,
): () => Promise<void> {
  const clean = makeCleaner(database, folders);
  const swept = new Set<number>();
  // Each try may send a whole file.
  const patience = makePatience<number>(SWEEP_EVERY_MS);
  const tellStale = makeStaleTeller(database, log);
  const carryAgain = async (importNo: number): Promise<void> => {
    try {
      await carry(importNo);
      patience.forget(importNo);
    } catch (err) {
      patience.fail(importNo);
      throw err;
    } finally {
      swept.delete(importNo);
    }
  };
  return async () => {
    await clean();
    for (const importNo of await listUnattendedImports(database)) {
      if (swept.has(importNo) || patience.isTried(importNo)) continue;
      swept.add(importNo);
      run(() => carryAgain(importNo));
    }
    await tellStale();
  };
}
