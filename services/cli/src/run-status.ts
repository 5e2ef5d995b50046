import { join } from 'node:path';
import {
  explainRefusal,
  listImports,
  listStaleImports,
  type ImportSummary,
  type StaleImport,
} from '@passbook/imports';
import { countDeliveries, explainWaiting, type DeliveryCounts } from '@passbook/mail';
import type { Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { withDatabaseIfThere } from './open-house.js';
import { renderTable } from './render-table.js';
import { showPathFrom } from './show-path.js';

/** Imports that are listed, the newest first. */
const IMPORTS_SHOWN = 50;

/** `passbook status`: what became of each import. @returns the exit code */
export async function runStatus(options: { json: boolean }, config: Config, log: Logger): Promise<number> {
  const sight = await readImports(config, log);
  const waits = new Map(sight.stale.map((one) => [one.no, one]));
  const answer = sight.imports.map((one) => ({
    ...one,
    waitsFor: waits.get(one.no)?.reason ?? null,
    deliveries: sight.deliveries.get(one.no) ?? {},
    mailsWaitFor: waitingOf(sight, one.no) > 0 ? sight.mailsWaitFor : null,
  }));
  const inQuarantine = (name: string): string =>
    showPathFrom(config.standsIn)(join(config.QUARANTINE_DIR, name));
  process.stdout.write(
    options.json ? `${JSON.stringify(answer, null, 2)}\n` : renderStatus(sight, inQuarantine),
  );
  return 0;
}

/** What there is to say. */
interface Sight {
  imports: readonly ImportSummary[];
  stale: readonly StaleImport[];
  /** The mails of each import that has some. */
  deliveries: ReadonlyMap<number, DeliveryCounts>;
  /** Why mails that are due are not sent. */
  mailsWaitFor: string | null;
}

async function readImports(config: Config, log: Logger): Promise<Sight> {
  return withDatabaseIfThere(config, log, async (database) => {
    if (database === null) return { imports: [], stale: [], deliveries: new Map(), mailsWaitFor: null };
    const imports = await listImports(database, IMPORTS_SHOWN);
    return {
      imports,
      stale: await listStaleImports(database),
      deliveries: await countDeliveries(
        database,
        imports.map((one) => one.no),
      ),
      mailsWaitFor: await explainWaiting(database),
    };
  });
}

function waitingOf({ deliveries }: Sight, importNo: number): number {
  const { due = 0, deferred = 0 } = deliveries.get(importNo) ?? {};
  return due + deferred;
}

/** A table for people, and below it what needs their attention. Pure. @param inQuarantine a path that can be opened */
function renderStatus(
  { imports, stale, deliveries, mailsWaitFor }: Sight,
  inQuarantine: (name: string) => string,
): string {
  if (imports.length === 0) return 'No file was imported yet.\n';
  const header = [
    'file',
    'state',
    'read',
    'posted',
    'duplicate',
    'quarantined',
    'reports',
    'mails',
    'import',
  ];
  const rows = imports.map((one) => [
    one.file,
    one.state,
    String(one.rowsRead),
    String(one.rowsPosted),
    String(one.rowsDuplicate),
    String(one.rowsQuarantined),
    `${one.reports - one.reportsDue}/${one.reports}`,
    showSent(deliveries.get(one.no)),
    one.importId,
  ]);
  const bad = imports.flatMap(({ file, state, reason, note, refusals, rowsName }) => {
    const notes = note === null ? [] : [`${file}: ${note}`];
    if (rowsName !== null)
      return [...notes, `${file} has bad rows: each is in ${inQuarantine(rowsName)}, with its reason.`];
    if (state === 'held') return [`${file} is held, and nothing of it is posted. ${reason}`];
    return [...notes, ...refusals.map((one) => explainRefused(one, inQuarantine))];
  });
  const waiting = stale.map(
    (one) => `${one.file} has not come further for ${describeSpan(one.idleSeconds)}. ${one.reason}`,
  );
  const undecided = imports.flatMap(({ no, file, importId }) => {
    const { failed = 0, unknown = 0 } = deliveries.get(no) ?? {};
    const what = [failed > 0 ? `${failed} failed` : '', unknown > 0 ? `${unknown} may have arrived` : ''];
    if (failed + unknown === 0) return [];
    return [
      `Of the mails of ${file} ${what.filter(Boolean).join(' and ')}: passbook deliveries ls --import ${importId.slice(0, 8)}`,
    ];
  });
  const notes = [...bad, ...waiting, ...undecided, ...(mailsWaitFor === null ? [] : [mailsWaitFor])];
  const table = renderTable(header, rows, new Set([2, 3, 4, 5, 6, 7]));
  return notes.length === 0 ? table : `${table}\n${notes.join('\n')}\n`;
}

/** One file: the same bytes may have been refused under several names. */
function explainRefused(
  { file, refusal, finalName }: ImportSummary['refusals'][number],
  inQuarantine: (name: string) => string,
): string {
  const where = finalName === null ? '' : ` The same is in ${inQuarantine(`${finalName}.error.json`)}.`;
  return `${file} is refused. ${explainRefusal(refusal)}${where}`;
}

/** Mails that were sent, of all; a dash where there are none. */
function showSent(counts: DeliveryCounts = {}): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return total === 0 ? '-' : `${counts.sent ?? 0}/${total}`;
}

/** `75 s`, `12 min`, `3 h` */
function describeSpan(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
