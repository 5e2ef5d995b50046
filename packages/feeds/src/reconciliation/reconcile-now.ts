import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from '@passbook/database';
import { prepareFolder } from '@passbook/runtime';
import type { Reconciled } from '../feed.js';
import type { Reconciliation } from './reconciliation-definition.js';
import { renderReconciliation } from './render-reconciliation.js';
import { takeSnapshot } from './snapshot.js';

/** Tells the folders of different rows and rules apart. */
const DIGEST_CHARS = 8;

/** Writes the report of all that counts now, into a folder of its own. @returns null when nothing was loaded yet */
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
  return { folder, ...(await renderReconciliation(database, snapshot, { folder, locale, signal })) };
}
