import type { Database } from '@passbook/database';
import { listStaleImports } from '@passbook/imports';
import type { Logger } from '@passbook/runtime';

/** What was told is told again when it has lasted twice as long, and at least so much longer. */
const PAUSE_MIN_SECONDS = 60;

/** One look for imports that do not come further; each is a warning, with what it waits for. */
export function makeStaleTeller(database: Database, log: Logger): () => Promise<void> {
  /** By import: how long it may have waited before it is told again. */
  const nextAtSeconds = new Map<number, number>();
  return async () => {
    const stale = await listStaleImports(database);
    const present = new Set(stale.map((one) => one.no));
    for (const no of nextAtSeconds.keys()) if (!present.has(no)) nextAtSeconds.delete(no);
    for (const { no, idleSeconds, reason } of stale) {
      if (idleSeconds < (nextAtSeconds.get(no) ?? 0)) continue;
      nextAtSeconds.set(no, Math.max(idleSeconds * 2, idleSeconds + PAUSE_MIN_SECONDS));
      log.warn({ importNo: no, idleSeconds, reason }, 'an import does not come further');
    }
  };
}
