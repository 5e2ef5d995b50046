import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { makeTestHouse, type Imported, type TestHouse } from './make-test-house.js';

/** A house that knows both files of trades, on a database of its own. */
export interface TradesHouse {
  database: TestDatabase;
  house: TestHouse;
  /** Imports rows of customers; each part of a trade that is not given is that of an eligible one. */
  importCustomers(trades: readonly Partial<Trade>[]): Promise<Imported>;
  /** Imports rows of the repository. */
  importRepository(trades: readonly Partial<Trade>[]): Promise<Imported>;
  remove(): Promise<void>;
}

/** A row of either file, as it stands there. */
export interface Trade {
  id: string;
  timestamp: string;
  amount: string;
  currency: string;
  instrument: string;
  region: string;
  type: string;
  status: string;
}

const eligible: Trade = {
  id: '',
  timestamp: '2025-04-01T13:45:00Z',
  amount: '1200000',
  currency: 'USD',
  instrument: 'IRS',
  region: 'EU',
  type: 'New',
  status: 'Settled',
};

export const customerHeader =
  'transaction_id,timestamp,amount,currency,instrument_type,region,trade_type,status';
export const repositoryHeader =
  'reported_id,timestamp,amount,currency,instrument_type,region,trade_type,reported_status';

export function tradesFile(header: string, trades: readonly Partial<Trade>[]): string {
  return [header, ...trades.map((trade) => Object.values({ ...eligible, ...trade }).join(',')), ''].join(
    '\n',
  );
}

/** So many eligible trades as `POST /customer_transaction` takes them, with these ids; other columns by name. */
export function tradeLists(
  ids: readonly string[],
  other: Record<string, unknown[]> = {},
): Record<string, unknown[]> {
  const each = <T>(value: T): T[] => ids.map(() => value);
  return {
    transaction_id: [...ids],
    timestamp: each(eligible.timestamp),
    amount: each(Number(eligible.amount)),
    currency: each(eligible.currency),
    instrument_type: each(eligible.instrument),
    region: each(eligible.region),
    trade_type: each(eligible.type),
    status: each(eligible.status),
    ...other,
  };
}

export async function makeTradesHouse(options: { reportsWithinMs?: number } = {}): Promise<TradesHouse> {
  const database = await makeTestDatabase();
  const house = await makeTestHouse(database, {
    ...options,
    declares: ['customer_transactions', 'gtr_report'],
  });
  let files = 0;
  return {
    database,
    house,
    importCustomers: (trades) =>
      house.importText(tradesFile(customerHeader, trades), `customer_transactions-${(files += 1)}.csv`),
    importRepository: (trades) =>
      house.importText(tradesFile(repositoryHeader, trades), `gtr_report-${(files += 1)}.csv`),
    async remove() {
      await house.remove();
      await database.drop();
    },
  };
}

/** What a test reads of a reconciliation's JSON. */
export interface ReconciliationJson {
  customer_transaction_count: number;
  eligible_customer_transactions_count: number;
  global_trade_repository_count: number;
  mismatched_records_count: number;
  missing_customer_transaction_count: number;
  reconciliation_error_counts: Record<string, number>[];
  sample_discrepancy_rows: Record<string, string | null>[];
  classes: { customer: Record<string, number>; repository: Record<string, number> };
  rules: { rule: string; excluded: number; excluded_alone: number }[];
  files: { side: string; file: string | null; rows_read: number }[];
}

/** The report of an import: its JSON, and the lines of its CSV without the header. */
export async function readReconciliation({
  reportFolder,
  reports,
}: Pick<Imported, 'reportFolder' | 'reports'>): Promise<{
  json: ReconciliationJson;
  lines: string[];
  page: string;
}> {
  const read = async (pattern: RegExp): Promise<string> => {
    const name = reports.find((file) => pattern.test(file));
    if (name === undefined) throw new Error(`There is no ${pattern.source}: ${reports.join()}`);
    return readFile(join(reportFolder, name), 'utf8');
  };
  const csv = await read(/^reconciliation_\d{8}_discrepancies\.csv$/);
  return {
    json: JSON.parse(await read(/^reconciliation_\d{8}\.json$/)) as ReconciliationJson,
    lines: csv.split('\n').slice(1, -1),
    page: await read(/^index\.html$/),
  };
}
