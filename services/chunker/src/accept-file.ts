import { lstat, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isConnectionLost, type Database } from '@passbook/database';
import type { Feed, Format, Hold } from '@passbook/feeds';
import {
  findOpenImport,
  hasImport,
  holdImport,
  listReleased,
  makeImportId,
  openImport,
  recordDrop,
  refuseImport,
  replaceCopy,
  type Drop,
  type FileContent,
} from '@passbook/imports';
import { UserError, type RejectThreshold } from '@passbook/runtime';
import type { CarryParts } from './carry-import.js';
import { CHUNKING_VERSION } from './chunking-version.js';
import { claimedFolder, type Folders } from './folders.js';
import { FileChangedError, type FileIdentity } from './copy-file.js';
import { countRejects, judgeRejects } from './count-rejects.js';
import type { FormatShelf } from './format-shelf.js';
import { identifyFile, nobodysFile, type IdentifiedFile } from './identify-file.js';
import { isTaken } from './place-file.js';

export interface AcceptParts {
  database: Database;
  feeds: readonly Feed[];
  formats: FormatShelf;
  folders: Folders;
  timeZone: string;
  currency: string;
  locale: string;
  windowRows: number;
  /** The largest content of a file, unpacked. */
  fileBytesMax: number;
  /** How many bad rows a file may have; not given: as many as it has. */
  rejectThreshold: RejectThreshold | undefined;
  /** Few files are read at once: each takes the memory of a window. */
  readInTurn: CarryParts['readInTurn'];
  onProgress: CarryParts['onProgress'];
}

/** Nobody can say yet what the file means: it stays where it is, and nothing of it is posted. */
export class HeldError extends UserError {
  readonly file: string;
  readonly hold: Hold;
  readonly importId: string;
  /** The formats that did not say it. */
  readonly formats: readonly Format[];
  constructor(path: string, { hold, importId, formats }: Pick<HeldError, 'hold' | 'importId' | 'formats'>) {
    super(`${basename(path)}: held, ${hold.code}. ${hold.message} ${hold.hint}`);
    this.name = 'HeldError';
    this.file = basename(path);
    this.hold = hold;
    this.importId = importId;
    this.formats = formats;
  }
}

/**
 * Makes a file ours: its private copy, its import, its drop.
 * Killed after the copy: nobody knows it, the sweep deletes it. Killed after the commit: the import is open, and goes on.
 * @param file.path absolute
 * @param file.stays it is not moved out of the way in the end
 * @throws HeldError, FileChangedError, the reason of the signal, and the errors of the file system
 */
export async function acceptFile(
  parts: AcceptParts,
  file: { path: string; stays: boolean },
  signal: AbortSignal,
): Promise<Drop> {
  const { database, folders } = parts;
  const claimed = claimedFolder(folders);
  // While the database is away nothing is copied: each try would leave a copy.
  await database.query('select 1');
  const formats = await parts.formats.read();
  const identified = await identifyFile(file.path, {
    claimed,
    feeds: parts.feeds,
    formats,
    fileBytesMax: parts.fileBytesMax,
    onCopied: (bytes) => parts.onProgress(null, bytes),
    signal,
  });
  const named = await nameImport(parts, file.path, identified);
  const found = await judgeRows(parts, basename(file.path), named, signal);
  const drop = await recordFile(parts, file, found).catch(async (err: unknown) => {
    // The file is copied anew at the next try. But where the line was lost, the commit may happen yet: then the drop needs
    // the copy, and if not, the sweep deletes it.
    if (!isConnectionLost(err)) await rm(join(claimed, found.copyName), { force: true });
    throw err;
  });
  if (drop === null) {
    await rm(join(claimed, found.copyName), { force: true });
    throw new HeldError(file.path, { hold: found.hold!, importId: found.importId, formats });
  }
  if (drop.copyName === found.copyName) return drop;
  // The drop was known (we start again, or two chunkers saw the file): it keeps the copy it has, or it is done by now, and
  // its copy gone.
  const isNeeded =
    !(await isTaken(join(claimed, drop.copyName))) && (await replaceCopy(database, drop.no, found.copyName));
  if (isNeeded) return { ...drop, copyName: found.copyName };
  await rm(join(claimed, found.copyName));
  return drop;
}

/** A file, and which import it is. */
type NamedFile = IdentifiedFile & { importId: string };

async function nameImport(
  { database, folders }: AcceptParts,
  path: string,
  found: IdentifiedFile,
): Promise<NamedFile> {
  const { feed, sha256, scope } = found;
  try {
    // A feed that replaces may be past this very file, which is still to be moved: it is not to be loaded once more.
    const importId = feed?.nameImport
      ? ((await findOpenImport(database, path, sha256)) ??
        (await feed.nameImport(database, { sha256, scope })))
      : makeImportId(sha256, feed?.name ?? null, scope);
    return { ...found, importId };
  } catch (err) {
    await rm(join(claimedFolder(folders), found.copyName), { force: true });
    throw err;
  }
}

/**
 * Reads all rows before any is posted, where REJECT_THRESHOLD is set or the feed has guards. An import that is there already is
 * judged no more: it may have been posted without them. One that a person has let in passes the guards.
 */
async function judgeRows(
  parts: AcceptParts,
  fileName: string,
  found: NamedFile,
  signal: AbortSignal,
): Promise<NamedFile> {
  const { rejectThreshold, database, folders } = parts;
  const { feed, scope, importId } = found;
  if (!feed || found.hold || (!rejectThreshold && !feed.judge)) return found;
  const copyPath = join(claimedFolder(folders), found.copyName);
  try {
    if (await hasImport(database, importId)) return found;
    const isReleased = (await listReleased(database, [importId])).has(importId);
    if (!rejectThreshold && isReleased) return found;
    const { chunking } = describeImport(parts, fileName, found);
    const rejects = await parts.readInTurn(() => countRejects(copyPath, feed, chunking, signal));
    const refusal = rejectThreshold ? judgeRejects(rejects, rejectThreshold) : null;
    if (refusal) return { ...found, ...nobodysFile, refusal, importId: makeImportId(found.sha256, null, '') };
    const hold = isReleased ? null : await feed.judge?.(database, { scope, importId, ...rejects });
    return hold ? { ...found, hold } : found;
  } catch (err) {
    await rm(copyPath, { force: true });
    throw err;
  }
}

/** @returns null when the file is held: it is no drop then */
function recordFile(
  parts: AcceptParts,
  file: { path: string; stays: boolean },
  found: NamedFile,
): Promise<Drop | null> {
  return parts.database.withTransaction(async (trx) => {
    const one = await openImport(trx, describeImport(parts, basename(file.path), found));
    if (found.hold && (await holdImport(trx, one.no, found.hold))) return null;
    if (found.refusal) await refuseImport(trx, one.no, found.refusal.code);
    const { copyName, refusal } = found;
    const recorded = await recordDrop(trx, { importNo: one.no, ...file, copyName, refusal });
    // While we copied, another chunker may have done all of it and moved the file: then this would be a drop too many.
    if (recorded.isNew && !file.stays) await expectFile(file.path, found.source);
    return recorded.drop;
  });
}

function describeImport(parts: AcceptParts, fileName: string, found: NamedFile): FileContent {
  const feed = found.feed?.name ?? null;
  return {
    importId: found.importId,
    fileName,
    sha256: found.sha256,
    sizeBytes: found.sizeBytes,
    feed,
    scope: found.scope,
    chunking: {
      version: CHUNKING_VERSION,
      timeZone: parts.timeZone,
      currency: parts.currency,
      windowRows: parts.windowRows,
      decoding: found.decoding,
      ...(found.format && { format: found.format }),
      ...(found.feed?.rowSchema && { rowSchema: found.feed.rowSchema }),
    },
    locale: parts.locale,
    corrects: found.corrects,
  };
}

/** @throws FileChangedError when the name is not that of this file any more */
async function expectFile(path: string, { dev, ino }: FileIdentity): Promise<void> {
  const present = await lstat(path, { bigint: true }).catch(() => null);
  if (present?.dev !== dev || present.ino !== ino) throw new FileChangedError(path);
}
