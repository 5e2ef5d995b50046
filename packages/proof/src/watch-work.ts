import { openDatabase } from '@passbook/database';
import { until } from '@passbook/testing';

/** Somebody is at work within that time, or nobody is. */
const WAIT_MS = 8_000;

/** Says when somebody is at work: so that a fault meets them. */
export interface WorkWatch {
  /** Waits until an import came further since the last call (for the reporter: until reports are due). @returns whether one did */
  isAtWork(who: 'reporter' | 'others'): Promise<boolean>;
  close(): Promise<void>;
}

export function watchWork(databaseUrl: string): WorkWatch {
  const database = openDatabase({ url: databaseUrl, applicationName: 'proof', connectionsMax: 1 });
  const count = async (sql: string): Promise<number | null> => {
    try {
      const { rows } = await database.query<{ count: bigint | string }>(sql);
      return Number(rows[0]!.count);
    } catch {
      // There are no tables yet, or Postgres was just ended.
      return null;
    }
  };
  let seen = 0;
  const hasGrown = async (): Promise<boolean> => {
    const now = await count('select count(*) + coalesce(sum(chunks_loaded), 0) as count from imports');
    if (now === null || now <= seen) return false;
    seen = now;
    return true;
  };
  const hasDue = async (): Promise<boolean> =>
    ((await count(`select count(*) from reports where state = 'due'`)) ?? 0) > 0;
  return {
    isAtWork: (who) =>
      until('somebody is at work', who === 'reporter' ? hasDue : hasGrown, WAIT_MS).catch(() => false),
    close: () => database.close(),
  };
}
