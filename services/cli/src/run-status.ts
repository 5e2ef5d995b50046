import { join } from 'node:path';
import { listImports, listStaleImports, type ImportSummary, type StaleImport } from '@passbook/imports';
import type { Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { withDatabaseIfThere } from './open-house.js';
import { renderTable } from './render-table.js';
import { showPathFrom } from './show-path.js';

/** Imports that are listed, the newest first. */
const IMPORTS_SHOWN = 50;

/** `passbook status`: what became of each import. @returns the exit code */
export async function runStatus(options: { json: boolean }, config: Config, log: Logger): Promise<number> {
  const { imports, stale } = await readImports(config, log);
  const waits = new Map(stale.map((one) => [one.no, one]));
  const answer = imports.map((one) => ({ ...one, waitsFor: waits.get(one.no)?.reason ?? null }));
  const inQuarantine = (name: string): string =>
    showPathFrom(config.standsIn)(join(config.QUARANTINE_DIR, name));
  process.stdout.write(
    options.json ? `${JSON.stringify(answer, null, 2)}\n` : renderStatus(imports, stale, inQuarantine),
  );
  return 0;
}

async function readImports(
  config: Config,
  log: Logger,
): Promise<{ imports: ImportSummary[]; stale: StaleImport[] }> {
  return withDatabaseIfThere(config, log, async (database) => {
    if (database === null) return { imports: [], stale: [] };
    return { imports: await listImports(database, IMPORTS_SHOWN), stale: await listStaleImports(database) };
  });
}

/** A table for people, and below it what needs their attention. Pure. @param inQuarantine a path that can be opened */
function renderStatus(
  imports: readonly ImportSummary[],
  stale: readonly StaleImport[],
  inQuarantine: (name: string) => string,
): string {
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
  const bad = imports.flatMap(({ file, state, reason, finalName, rowsName }) => {
    if (rowsName !== null)
      return [`${file} has bad rows: each is in ${inQuarantine(rowsName)}, with its reason.`];
    if (state === 'held') return [`${file} is held, and nothing of it is posted. ${reason}`];
    if (state !== 'refused') return [];
    const where = finalName === null ? '' : ` The same is in ${inQuarantine(`${finalName}.error.json`)}.`;
    return [`${file} is refused. ${reason}${where}`];
  });
  const waiting = stale.map(
    (one) => `${one.file} has not come further for ${describeSpan(one.idleSeconds)}. ${one.reason}`,
  );
  const notes = [...bad, ...waiting];
  const table = renderTable(header, rows, new Set([2, 3, 4, 5, 6]));
  return notes.length === 0 ? table : `${table}\n${notes.join('\n')}\n`;
}

/** `75 s`, `12 min`, `3 h` */
function describeSpan(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
