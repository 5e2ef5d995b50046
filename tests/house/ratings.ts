import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queryable } from '@passbook/database';
import { makeRandom } from '@passbook/testing';
import type { Imported } from './make-test-house.js';

/** A row of an agency, as the test knows it. */
export interface Rating {
  number: number;
  rating: number;
  limit: number;
  status: string;
}

export const ratingsHeader = 'customer_number,customer_rating,customer_rating_limit,customer_status';

const statuses = ['high-value', 'High-Value ', 'normal', 'watch', 'new'];

/** Ratings of so many customers, in an order of their own. */
export function makeRatings(count: number, seed: number): Rating[] {
  const random = makeRandom(seed);
  const numbers = random.shuffle(Array.from({ length: count }, (_, at) => 1_000 + at));
  return numbers.map((number) => ({
    number,
    rating: random.between(-5, 100),
    limit: random.between(100, 1_000_000),
    status: random.choose(statuses),
  }));
}

export function ratingsFile(ratings: readonly Rating[], badRows: readonly string[] = []): string {
  const rows = ratings.map(({ number, rating, limit, status }) => `${number},${rating},${limit},${status}`);
  return [ratingsHeader, ...rows, ...badRows, ''].join('\n');
}

/** The line of an agency in the report, computed from what the test has put into its file. */
export function reportLine(agency: string, ratings: readonly Rating[], invalid: number): string {
  const sum = ratings.reduce((all, { rating }) => all + rating, 0);
  const highValue = ratings.filter(({ status }) => status.trim().toLowerCase() === 'high-value').length;
  const rows = ratings.length + invalid;
  const percent = rows === 0 ? '0.00' : ((invalid * 100) / rows).toFixed(2);
  return `Customer Rating Agency ${agency} Inc,${ratings.length},${sum},${highValue},${invalid},${percent}`;
}

const reportHeader =
  'customer,count_customer_number,sum_customer_rating,high_value_count,invalid_customer_number_count,invalid_customer_number_percent';

/** The lines of the report of an import, without its header. @throws when the header or the name is another */
export async function readReport({
  reports,
  reportFolder,
}: Pick<Imported, 'reports' | 'reportFolder'>): Promise<string[]> {
  const name = reports.find((file) => /^Customer_Rating_Aggregate_Report_\d{8}\.csv$/.test(file));
  if (name === undefined) throw new Error(`There is no report: ${reports.join()}`);
  const [header, ...lines] = (await readFile(join(reportFolder, name), 'utf8')).split('\r\n').slice(0, -1);
  if (header !== reportHeader) throw new Error(`The header is ${header}`);
  return lines;
}

/** What is kept of the quarantined rows of an import, in the order of their lines. */
export async function readQuarantined(database: Queryable, importId: string): Promise<object[]> {
  const { rows } = await database.query(
    'select failed_columns as columns, codes, payload from quarantined_rows where import_id = $1 order by line',
    [importId],
  );
  return rows;
}
