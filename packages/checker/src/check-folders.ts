import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Book, LoadedFile } from './book.js';
import type { CheckInput } from './check-input.js';
import type { Findings } from './findings.js';
import type { DropRecord, ImportRecord } from './read-database.js';

/** The names in processed/ and quarantine/ that must be there, and are. */
export interface SettledFiles {
  /** The file of each drop that is done. */
  receipts: { drop: DropRecord; record: ImportRecord; path: string }[];
  errors: { drop: DropRecord; record: ImportRecord; path: string }[];
  rowsFiles: { file: LoadedFile; path: string }[];
}

/**
 * Nothing is left in imports/, every drop has its file with its bytes and its receipt or error beside it, and there is no
 * other file in processed/ and quarantine/.
 */
export async function checkFolders(
  findings: Findings,
  { folders, mayLeaveTemporaries }: CheckInput,
  book: Book,
  imports: readonly ImportRecord[],
  drops: readonly DropRecord[],
): Promise<SettledFiles> {
  checkImportsFolder(findings, folders.imports, mayLeaveTemporaries);
  const processed = listFolder(findings, 'processed', folders.processed, mayLeaveTemporaries);
  const quarantine = listFolder(findings, 'quarantine', folders.quarantine, mayLeaveTemporaries);
  const settled: SettledFiles = { receipts: [], errors: [], rowsFiles: [] };
  const recordByNo = new Map(imports.map((one) => [one.no, one]));
  for (const drop of drops) {
    const record = recordByNo.get(drop.importNo);
    if (!record || drop.finalName === '') continue;
    const isRefused = drop.refusedCode !== '';
    const [folder, listed, ending] = isRefused
      ? ([folders.quarantine, quarantine, '.error.json'] as const)
      : ([folders.processed, processed, '.receipt.json'] as const);
    const where = isRefused ? 'quarantine' : 'processed';
    if (!listed.delete(drop.finalName))
      findings.add(where, `${drop.finalName}, the file of a drop of ${drop.name}, is not there`);
    else if ((await hashFile(join(folder, drop.finalName))) !== record.sha256)
      findings.add(where, `${drop.finalName} has not the bytes that were dropped`);
    if (!listed.delete(drop.finalName + ending))
      findings.add(where, `${drop.finalName + ending} is not there`);
    else
      settled[isRefused ? 'errors' : 'receipts'].push({
        drop,
        record,
        path: join(folder, drop.finalName + ending),
      });
  }
  for (const file of book.files) {
    if (!file.rows.some((row) => row.fate === 'invalid' || row.fate === 'conflict')) continue;
    const name = `${file.drops[0]?.finalName ?? file.record.fileName}.rows.csv`;
    if (quarantine.delete(name)) settled.rowsFiles.push({ file, path: join(folders.quarantine, name) });
    else findings.add('quarantine', `${name}, with the bad rows of ${file.record.fileName}, is not there`);
  }
  for (const name of processed) findings.add('processed', `${name} is there, and nobody dropped it`);
  for (const name of quarantine) findings.add('quarantine', `${name} is there, and nobody dropped it`);
  return settled;
}

function checkImportsFolder(findings: Findings, folder: string, mayLeaveTemporaries: boolean): void {
  for (const name of readdirSync(folder)) {
    if (name === '.claimed') {
      if (mayLeaveTemporaries) continue;
      for (const copy of readdirSync(join(folder, name)))
        findings.add('left over', `the private copy ${copy} is still in imports/.claimed/`);
    } else if (!(mayLeaveTemporaries && /^\.passbook-.*\.dropped$/.test(name)))
      findings.add('left over', `${name} is still in imports/`);
  }
}

/** The names of plain files; everything else has no place there. */
function listFolder(
  findings: Findings,
  folder: string,
  path: string,
  mayLeaveTemporaries: boolean,
): Set<string> {
  const names = new Set<string>();
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (mayLeaveTemporaries && /^\.passbook-.*\.(tmp|staged)$/.test(entry.name)) continue;
    if (entry.name.startsWith('.')) findings.add('left over', `${entry.name} is still in ${folder}/`);
    else if (!entry.isFile()) findings.add(folder, `${entry.name} is there, and is no file`);
    else names.add(entry.name);
  }
  return names;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}
