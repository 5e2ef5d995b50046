import { countTransactions, type StatementReport } from './report-figures.js';

/** Rows of one query, some 2 MB: many statements in one, and the first of them are rendered soon. */
export const ROWS_PER_QUERY = 20_000;

/** Statements whose rows are read together, in their order. One of more rows than a query is to have comes alone. */
export function* batchReports(reports: readonly StatementReport[]): Generator<StatementReport[]> {
  let batch: StatementReport[] = [];
  let rows = 0;
  for (const report of reports) {
    if (batch.length > 0 && rows + countTransactions(report) > ROWS_PER_QUERY) {
      yield batch;
      batch = [];
      rows = 0;
    }
    batch.push(report);
    rows += countTransactions(report);
  }
  if (batch.length > 0) yield batch;
}
