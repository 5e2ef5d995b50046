import { join } from 'node:path';
import { encodeCsvRecord } from '@passbook/csv';
import type { DueReport } from '@passbook/imports';
import { removeUnfinishedFiles, writeReportFile } from '../write-report-file.js';
import type { ReportSnapshot } from './complete-load.js';
import { renderReportHtml } from './report-html.js';

/** Writes the report of an import as CSV and as a page, from its own row alone: the same bytes each time. */
export async function renderDeclaredReports(reports: readonly DueReport[], folder: string): Promise<void> {
  for (const report of reports) {
    const snapshot = report.snapshot as ReportSnapshot;
    await removeUnfinishedFiles(folder);
    const csv = [snapshot.columns, ...snapshot.rows].map((cells) => encodeCsvRecord(cells)).join('');
    await writeReportFile(join(folder, snapshot.fileName), csv);
    await writeReportFile(join(folder, 'index.html'), renderReportHtml(report, snapshot));
  }
}
