import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyOut, type Database, type Queryable, type Transaction } from '@passbook/database';
import type { DueReport } from '@passbook/imports';
import { removeUnfinishedFiles, streamReportFile, writeReportFile } from '../write-report-file.js';
import { expectFooting } from './footing.js';
import { selectDiscrepancies } from './reconcile-sql.js';
import { countGroups, readLoads, sumClasses } from './read-figures.js';
import { renderOvertakenHtml, renderReconciliationHtml } from './reconciliation-html.js';
import { describeReport, type ReconciliationFigures } from './describe-report.js';
import type { DiscrepancyCells, ReconciliationReport } from './reconciliation-report.js';
import type { OvertakenReport, ReconciliationSnapshot } from './snapshot.js';
import { takeSample } from './take-sample.js';

/** Discrepancies that JSON and page show; the CSV has all. */
const SAMPLE_ROWS = 10;

/** What Postgres may take for each hash and sort: a million rows of a side are in a few pieces instead of hundreds. */
const WORK_MEMORY = '64MB';

/** Whether a report is a reconciliation. */
export function isReconciliation({ snapshot }: Pick<DueReport, 'snapshot'>): boolean {
  const due = snapshot as ReconciliationSnapshot | OvertakenReport;
  return 'reconciliation' in due || 'overtakenBy' in due;
}

/** Renders the report of an import: the one that it made due when it completed, or a page that leads to that of a later import. */
export async function renderReconciliations(
  database: Database,
  reports: readonly DueReport[],
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<void> {
  await removeUnfinishedFiles(folder);
  for (const { snapshot, locale } of reports) {
    const due = snapshot as ReconciliationSnapshot | OvertakenReport;
    if ('overtakenBy' in due) await renderOvertaken(due, folder);
    else await renderReconciliation(database, due, { folder, locale, signal });
  }
}

/** What a try that failed has left of the report itself goes. */
async function renderOvertaken(report: OvertakenReport, folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith('reconciliation_')) await rm(join(folder, name));
  await writeReportFile(join(folder, 'index.html'), renderOvertakenHtml(report));
}

/**
 * Writes the report of a snapshot into a folder that exists: CSV, JSON, page. It depends on the snapshot and the rows up to its
 * newest load alone, which nobody changes: the same bytes each time. Killed in between: the files are written anew.
 * @returns what the JSON says, and its text
 * @throws UserError when the classes do not foot, and nothing is written; the reason of the signal, when
 *   the query that is at work has ended
 */
export function renderReconciliation(
  database: Database,
  snapshot: ReconciliationSnapshot,
  { folder, locale, signal }: { folder: string; locale: string; signal: AbortSignal },
): Promise<{ report: ReconciliationReport; json: string }> {
  return database.withConnection(async (connection) => {
    await connection.query(`set work_mem = '${WORK_MEMORY}'`);
    try {
      const figures = await readFigures(connection, snapshot);
      signal.throwIfAborted();
      const sample = await writeCsv(connection, figures, folder, signal);
      const whole = { ...figures, sample };
      const stem = `reconciliation_${snapshot.day.replaceAll('-', '')}`;
      const report = describeReport(whole);
      const json = `${JSON.stringify(report, null, 2)}\n`;
      await writeReportFile(join(folder, `${stem}.json`), json);
      await writeReportFile(
        join(folder, 'index.html'),
        renderReconciliationHtml(whole, `${stem}.json`, locale),
      );
      return { report, json };
    } finally {
      await connection.query('reset work_mem');
    }
  });
}

/** @throws UserError when they do not foot */
async function readFigures(
  connection: Queryable,
  snapshot: ReconciliationSnapshot,
): Promise<ReconciliationFigures> {
  const loads = await readLoads(connection, snapshot);
  const groups = await countGroups(connection, snapshot);
  const classes = sumClasses(groups, loads);
  expectFooting(classes, loads);
  const discrepanciesFile = `reconciliation_${snapshot.day.replaceAll('-', '')}_discrepancies.csv`;
  return { snapshot, groups, loads, classes, sample: [], discrepanciesFile };
}

/** Postgres writes it: memory does not grow with it. @returns the first rows */
async function writeCsv(
  connection: Transaction,
  { snapshot, discrepanciesFile }: ReconciliationFigures,
  folder: string,
  signal: AbortSignal,
): Promise<DiscrepancyCells[]> {
  const sample: DiscrepancyCells[] = [];
  const copy = `copy (${selectDiscrepancies(snapshot)}) to stdout (format csv, header)`;
  async function* pieces(): AsyncGenerator<Buffer, void, undefined> {
    for await (const piece of takeSample(copyOut(connection, copy), sample, SAMPLE_ROWS)) {
      signal.throwIfAborted();
      yield piece;
    }
  }
  await streamReportFile(join(folder, discrepanciesFile), pieces());
  return sample;
}
