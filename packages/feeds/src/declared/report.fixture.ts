import type { DueReport } from '@passbook/imports';
import type { ReportSnapshot } from './complete-load.js';

/** The report of four rating agencies, for tests of its page. */
export function sampleReport(change: Partial<ReportSnapshot> = {}): [DueReport, ReportSnapshot] {
  const snapshot: ReportSnapshot = {
    title: 'Customer ratings by agency',
    fileName: 'Customer_Rating_Aggregate_Report_20240531.csv',
    day: '2024-05-31',
    columns: [
      'customer',
      'count_customer_number',
      'sum_customer_rating',
      'high_value_count',
      'invalid_customer_number_count',
      'invalid_customer_number_percent',
    ],
    rows: [...'ABCD'].map((agency, at) => [
      `Customer Rating Agency ${agency} Inc`,
      String(250_000 - at),
      `1249999${at}`,
      '83201',
      String(at * 17),
      `${at}.25`,
    ]),
    mode: 'replace',
    counts: { rowsRead: 250_051, rowsPosted: 250_000, rowsDuplicate: 0, rowsQuarantined: 51 },
    isSuperseded: false,
    ...change,
  };
  const report: DueReport = {
    no: 1n,
    importNo: 7,
    importId: '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df',
    fileName: 'Customer Rating Agency A Inc.csv',
    feed: 'ratings',
    accountId: null,
    locale: 'en-US',
    timeZone: 'UTC',
    loadedAt: '2024-05-31T06:00:00Z',
    snapshot,
  };
  return [report, snapshot];
}
