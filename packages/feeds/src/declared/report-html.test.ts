import { describe, expect, test } from '@jest/globals';
import { seen, tagsOf } from '../transactions/statement-figures.fixture.js';
import type { ReportSnapshot } from './complete-load.js';
import { sampleReport } from './report.fixture.js';
import { renderReportHtml } from './report-html.js';

function render(change: Partial<ReportSnapshot> = {}, locale = 'en-US'): string {
  const [report, snapshot] = sampleReport(change);
  return renderReportHtml({ ...report, locale }, snapshot);
}

describe('a reader sees', () => {
  test.each<[string, Partial<ReportSnapshot> & { locale?: string }]>([
    ['Customer ratings by agency Day 2024-05-31 Data CSV File Customer Rating Agency A Inc.csv', {}],
    ['Customer Count customer number Sum customer rating High value count', {}],
    ['Customer Rating Agency B Inc 249,999 12,499,991 83,201 17 1.25', {}],
    ['Customer Rating Agency B Inc 249.999 12.499.991 83.201 17 1,25', { locale: 'de-DE' }],
    ['9,007,199,254,740,993.10', { rows: [['a', '9007199254740993.10']], columns: ['customer', 'sum'] }],
    ['Posted 250,000 the good ones Duplicate 0 posted before Quarantined 51 handed back Read 250,051', {}],
    ['51 rows were not posted.', {}],
    ['Mend them in the whole file, and drop that', {}],
    ['Mend them there and drop that file.', { mode: 'append' }],
    ['npm run passbook -- outcome 9eedccfe', {}],
    ['A file that was dropped later was loaded before this one', { isSuperseded: true }],
    ['No row counts yet.', { rows: [] }],
  ])('%s', (text, { locale, ...change }) => expect(seen(render(change, locale))).toContain(text));

  test('nothing of a later file, or of quarantine, where there is none', () => {
    const counts = { rowsRead: 1, rowsPosted: 1, rowsDuplicate: 0, rowsQuarantined: 0 };
    expect(seen(render({ counts }))).not.toMatch(/dropped later|not posted/);
  });
});

test('text of a scope or a definition adds no tag and no attribute', () => {
  const hostile = `<script>alert(1)</script>"'&{{file}}`;
  const [, { columns, rows }] = sampleReport();
  const change = {
    columns: [hostile, hostile, ...columns.slice(2)],
    rows: rows.map(([, ...cells]) => [hostile, ...cells]),
    title: hostile,
    fileName: `${hostile}.csv`,
  };
  expect(tagsOf(render(change))).toEqual(tagsOf(render()));
});
