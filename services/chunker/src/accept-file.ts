import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import {
  makeImportId,
  openImport,
  recordDrop,
  refuseImport,
  replaceCopy,
  type Drop,
} from '@passbook/imports';
import type { CarryParts } from './carry-import.js';
import { claimedFolder, type Folders } from './folders.js';
import { identifyFile } from './identify-file.js';
import { isTaken } from './place-file.js';

/** Raised when the same bytes would give other chunks: an import goes on as it was begun. */
const CHUNKING_VERSION = 1;

export interface AcceptParts {
  database: Database;
  feeds: readonly Feed[];
  folders: Folders;
  timeZone: string;
  currency: string;
  locale: string;
  onProgress: CarryParts['onProgress'];
}

/**
 * Makes a file ours: its private copy, its import, its drop.
 * Killed after the copy: nobody knows it, the sweep deletes it. Killed after the commit: the import is open, and goes on.
 * @throws FileChangedError, the reason of the signal, and the errors of the file system
 */
export async function acceptFile(
  parts: AcceptParts,
  file: { path: string; dropPath: string; fileName: string; stays: boolean },
  signal: AbortSignal,
): Promise<Drop> {
  const { database, folders } = parts;
  const claimed = claimedFolder(folders);
  const found = await identifyFile(file.path, {
    fileName: file.fileName,
    claimed,
    feeds: parts.feeds,
    onCopied: (bytes) => parts.onProgress(null, bytes),
    signal,
  });
  const drop = await database.withTransaction(async (trx) => {
    const feed = found.feed?.name ?? null;
    const one = await openImport(trx, {
      importId: makeImportId(found.sha256, feed, found.scope),
      fileName: file.fileName,
      sha256: found.sha256,
      sizeBytes: found.sizeBytes,
      feed,
      scope: found.scope,
      chunking: { version: CHUNKING_VERSION, timeZone: parts.timeZone, currency: parts.currency },
      locale: parts.locale,
    });
    if (found.refusal) await refuseImport(trx, one.no, found.refusal.code);
    return recordDrop(trx, {
      importNo: one.no,
      path: file.dropPath,
      stays: file.stays,
      copyName: found.copyName,
      refusal: found.refusal,
    });
  });
  if (drop.copyName === found.copyName) return drop;
  // The drop was known (we start again, or two chunkers saw the file): it keeps the copy it has.
  if (await isTaken(join(claimed, drop.copyName))) {
    await rm(join(claimed, found.copyName));
    return drop;
  }
  await replaceCopy(database, drop.no, found.copyName);
  return { ...drop, copyName: found.copyName };
}
