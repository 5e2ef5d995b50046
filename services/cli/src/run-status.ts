import { existsSync } from 'node:fs';
import { listImports, type ImportSummary } from '@passbook/imports';
import type { Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { embeddedFolder, openStore } from './open-house.js';

/** Imports that are listed, the newest first. */
const IMPORTS_SHOWN = 50;

/** `passbook status`: what became of each import. @returns the exit code */
export async function runStatus(options: { json: boolean }, config: Config, log: Logger): Promise<number> {
  const imports = await readImports(config, log);
  process.stdout.write(options.json ? `${JSON.stringify(imports, null, 2)}\n` : renderStatus(imports));
  return 0;
}

async function readImports(config: Config, log: Logger): Promise<ImportSummary[]> {
  // To look does not make a database.
  if (config.DATABASE_URL === undefined && !existsSync(embeddedFolder(config))) return [];
  const store = await openStore(config, log, (sentence) => void process.stderr.write(`${sentence}\n`));
  try {
    return await listImports(store.database, IMPORTS_SHOWN);
  } finally {
    await store.close();
  }
}

/** A table for people. Pure. */
export function renderStatus(imports: readonly ImportSummary[]): string {
  if (imports.length === 0) return 'No file was imported yet.\n';
  const header = ['file', 'state', 'read', 'posted', 'duplicate', 'quarantined', 'reports', 'import'];
  const rows = imports.map((one) => [
    one.file,
    one.state,
    String(one.rowsRead),
    String(one.rowsPosted),
    String(one.rowsDuplicate),
    String(one.rowsQuarantined),
    `${one.reports - one.reportsDue}/${one.reports}`,
    one.importId,
  ]);
  const widths = header.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]!.length)));
  const isNumber = (at: number): boolean => at >= 2 && at <= 6;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (isNumber(at) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  const reasons = imports
    .filter((one) => one.reason !== null)
    .map((one) => `${one.file} is ${one.state}: ${one.reason}`);
  return [line(header), ...rows.map(line), ...(reasons.length > 0 ? ['', ...reasons] : []), ''].join('\n');
}
