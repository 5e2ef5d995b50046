import { listUnattendedImports } from '@passbook/imports';
import type { CarryParts } from './carry-import.js';
import { makeCleaner } from './clean-claimed.js';
import { makeStaleTeller } from './tell-stale-imports.js';

export const SWEEP_EVERY_MS = 10_000;

/** The longest pause before an import that failed is tried again. */
const PAUSE_MAX_MS = 5 * 60_000;

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
  const patience = makePatience();
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

/** What failed is tried again after ever longer pauses: each try may send a whole file. */
function makePatience(): {
  /** Whether it failed a short while ago. */
  isTried(importNo: number): boolean;
  fail(importNo: number): void;
  forget(importNo: number): void;
} {
  const failed = new Map<number, { pauseMs: number; untilMs: number }>();
  return {
    isTried: (importNo) => (failed.get(importNo)?.untilMs ?? 0) > performance.now(),
    fail(importNo) {
      const pauseMs = Math.min(PAUSE_MAX_MS, (failed.get(importNo)?.pauseMs ?? SWEEP_EVERY_MS / 2) * 2);
      failed.set(importNo, { pauseMs, untilMs: performance.now() + pauseMs });
    },
    forget: (importNo) => void failed.delete(importNo),
  };
}
