import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { isConnectionLost, type Database, type Queryable } from '@passbook/database';
import { prepareFolder, waitFor } from '@passbook/runtime';
import type { Reconciled } from '../feed.js';
import { removeUnfinishedFiles } from '../write-report-file.js';
import type { Reconciliation } from './reconciliation-definition.js';
import { renderReconciliation } from './render-reconciliation.js';
import { takeSnapshot } from './snapshot.js';

/** A removal is over in less. */
const LOOK_EVERY_MS = 100;

/** Tells the folders of different rows and rules apart. */
const DIGEST_CHARS = 8;

/**
 * Writes the report of all that counts now, into a folder of its own. Several may do so at once: they write the same bytes.
 * @returns null when nothing was loaded yet
 * @throws as renderReconciliation
 */
export async function reconcileNow(
  database: Database,
  reconciliation: Reconciliation,
  { reportsFolder, locale, signal }: { reportsFolder: string; locale: string; signal: AbortSignal },
): Promise<Reconciled | null> {
  const snapshot = await takeSnapshot(database, reconciliation);
  if (!snapshot) return null;
  const digest = createHash('sha256').update(JSON.stringify(snapshot)).digest('hex').slice(0, DIGEST_CHARS);
  const folder = join(reportsFolder, `reconciliation-${snapshot.day.replaceAll('-', '')}-${digest}`);
  await prepareFolder(folder);
  return sharingFolder(database, { folder, signal }, async () => ({
    folder,
    ...(await renderReconciliation(database, snapshot, { folder, locale, signal })),
  }));
}

/**
 * Runs `work` on a folder that others may be writing into. Whoever is alone there first removes what one that was killed has
 * left: its lock has ended with its connection. Nobody waits for work to end, which may be that of a frozen process, but for a removal.
 */
function sharingFolder<T>(
  database: Database,
  { folder, signal }: { folder: string; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  return database.withConnection(async (connection) => {
    const ask = async (lock: string): Promise<boolean> => {
      const { rows } = await connection.query<{ isGiven: boolean }>(
        `select ${lock}(hashtextextended($1, 0)) as "isGiven"`,
        [basename(folder)],
      );
      return rows[0]!.isGiven;
    };
    try {
      while (!(await ask('pg_try_advisory_lock_shared'))) {
        await waitFor(LOOK_EVERY_MS, signal);
        signal.throwIfAborted();
      }
      if (await ask('pg_try_advisory_lock')) {
        await removeUnfinishedFiles(folder);
        await ask('pg_advisory_unlock');
      }
      return await work();
    } finally {
      await unlock(connection);
    }
  });
}

async function unlock(connection: Queryable): Promise<void> {
  try {
    await connection.query('select pg_advisory_unlock_all()');
  } catch (err) {
    // Its locks have ended with it.
    if (!isConnectionLost(err)) throw err;
  }
}
