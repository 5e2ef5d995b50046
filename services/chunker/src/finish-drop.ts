import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isUniqueViolation, type Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import {
  finishDrop,
  fitFileName,
  numberFileName,
  readReceipt,
  reserveFinalName,
  type Drop,
  type Import,
  type Refusal,
} from '@passbook/imports';
import { permissionsOf } from './copy-file.js';
import { claimedFolder, type Folders } from './folders.js';
import { isTaken, placeFile, writeFileOnce } from './place-file.js';
import { hiddenName, hideDroppedFile } from './hide-dropped-file.js';
import { renderQuarantinedRows } from './write-rows-file.js';

/*
 * The last steps of a drop, when its import is loaded and foots, or is refused. Each may be done again after a kill -9:
 *
 * 1. The final name is chosen and stored.
 * 2. The private copy gets that name in processed/ (or quarantine/). A restart knows it by its inode.
 * 3. The dropped file is hidden, if it still has those bytes.
 * 4. rows.csv, then the receipt (or error.json), with the same bytes at each try.
 * 5. The drop is done.
 * 6. The hidden file and the private copy are deleted. Killed before: the sweep does it.
 */

interface Parts {
  database: Database;
  folders: Folders;
  feed: Feed | null;
  /** Of the lease on the import. */
  token: string;
}

/** The paths of what a drop left: the file, its receipt or error, and where its bad rows are. */
export interface SettledDrop {
  file: string;
  report: string;
  rows?: string;
}

/** @throws LeaseLostError: then another does it */
export async function settleDrop(parts: Parts, one: Import, drop: Drop): Promise<SettledDrop> {
  const { database, folders } = parts;
  const target = drop.refusal ? folders.quarantine : folders.processed;
  const ending = drop.refusal ? '.error.json' : '.receipt.json';
  const copyPath = join(claimedFolder(folders), drop.copyName);
  const staged = join(target, stagedName(drop.copyName));
  const name = await placeUnderOwnName(parts, drop, { copyPath, target, ending, staged });
  if (!drop.stays) await hideDroppedFile(drop.path, one.sha256, drop.copyName);
  const written = drop.refusal
    ? {
        report: join(
          target,
          await writeFileOnce(join(target, name + ending), [json(describeRefusal(one, drop, drop.refusal))]),
        ),
      }
    : await writeReceipt(parts, one, drop, { copyPath, target, name });
  await finishDrop(database, drop.no, parts.token);
  if (!drop.stays) await rm(join(dirname(drop.path), hiddenName(drop.copyName)), { force: true });
  await rm(copyPath, { force: true });
  await rm(staged, { force: true });
  return { file: join(target, name), ...written };
}

/** The name of a copy that waits in the target folder when that is another file system. */
export function stagedName(copyName: string): string {
  return `.passbook-${copyName}.staged`;
}

/** The name under which the file was dropped, without its folders. */
export function fileNameOf(drop: Pick<Drop, 'path'>): string {
  return drop.path.slice(drop.path.lastIndexOf('/') + 1);
}

async function placeUnderOwnName(
  { database, token }: Parts,
  drop: Drop,
  { copyPath, target, ending, staged }: { copyPath: string; target: string; ending: string; staged: string },
): Promise<string> {
  if (drop.finalName !== null && (await placeFile(copyPath, join(target, drop.finalName), staged)))
    return drop.finalName;
  for (let n = 1; ; n++) {
    const name = numberFileName(fitFileName(fileNameOf(drop)), n);
    if ((await isTaken(join(target, name))) || (await isTaken(join(target, name + ending)))) continue;
    try {
      await reserveFinalName(database, drop.no, token, name);
    } catch (err) {
      if (isUniqueViolation(err, 'drops_final_name')) continue;
      throw err;
    }
    if (await placeFile(copyPath, join(target, name), staged)) return name;
  }
}

/** The content of `error.json`. */
function describeRefusal(
  one: Import,
  drop: Drop,
  { code, message, line, byteOffset, hint }: Refusal,
): object {
  return { file: fileNameOf(drop), sha256: one.sha256, code, message, line, byteOffset, hint };
}

async function writeReceipt(
  { database, folders, feed }: Parts,
  one: Import,
  drop: Drop,
  { copyPath, target, name }: { copyPath: string; target: string; name: string },
): Promise<Omit<SettledDrop, 'file'>> {
  if (!feed) throw new Error('A loaded import has a feed.');
  const receipt = await readReceipt(database, drop.no, feed.countPosted);
  let rows: { rows?: string } = {};
  if (receipt.rowsQuarantined > 0 && receipt.duplicateOf === null) {
    const rowsName = await writeFileOnce(
      join(folders.quarantine, `${name}.rows.csv`),
      renderQuarantinedRows(database, one, copyPath),
      // It repeats rows of the file: no one may read it who may not read that.
      await permissionsOf(copyPath),
    );
    rows = { rows: join(folders.quarantine, rowsName) };
  }
  const report = await writeFileOnce(join(target, `${name}.receipt.json`), [json(receipt)]);
  return { report: join(target, report), ...rows };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
