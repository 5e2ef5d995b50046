import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
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

/** The line of an agency in the report, computed from the bytes of its file alone: with another parser, and rules of its own. */
export function computeReportLine(agency: string, text: string): string {
  const [, ...rows]: string[][] = parse(text, { relax_column_count: true });
  const isInteger = (cell: string | undefined): boolean =>
    /^[+-]?\d{1,10}$/.test(cell ?? '') && Number(cell) >= -(2 ** 31) && Number(cell) < 2 ** 31;
  const known = new Set<number>();
  let [sum, highValue] = [0, 0];
  for (const cells of rows) {
    const [number, rating, limit, status] = cells;
    const isGood = cells.length === 4 && [number, rating, limit].every(isInteger);
    // Of a repeated customer the first row stays, whatever the others say.
    if (!isGood || status!.length < 1 || status!.length > 25 || known.has(Number(number))) continue;
    known.add(Number(number));
    sum += Number(rating);
    if (status!.trim().toLowerCase() === 'high-value') highValue += 1;
  }
  const invalid = rows.length - known.size;
  const percent = rows.length === 0 ? '0.00' : roundPercent(invalid, rows.length);
  return `Customer Rating Agency ${agency} Inc,${known.size},${sum},${highValue},${invalid},${percent}`;
}

/** Half away from zero, in whole numbers. */
function roundPercent(part: number, all: number): string {
  const hundredths = (BigInt(part) * 20_000n + BigInt(all)) / (2n * BigInt(all));
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}

/** What a reader sees of the ratings of an agency. It must be one version, whole: rows, their sum, and what the report says. */
export async function lookAt(database: Queryable, agency: string): Promise<string> {
  const { rows } = await database.query<{ look: string }>(
    `select count(*) || ' ' || coalesce(sum(customer_rating), 0) || ' ' || count(distinct import_no) || ' version, report '
       || coalesce((select (figures->>'count') || ' ' || (figures->>'sum customer_rating')
                    from feed_versions v join feed_loads l on l.import_no = v.current where v.feed = 'ratings' and v.scope = $1), 'none') as look
     from ratings where agency = $1`,
    [agency],
  );
  return rows[0]!.look;
}

/** Looks at the ratings of an agency all the time. */
export function readAlways(
  database: Queryable,
  agency: string,
): { seen: ReadonlySet<string>; stop(): Promise<void> } {
  const seen = new Set<string>();
  let isOver = false;
  const reading = (async () => {
    while (!isOver) seen.add(await lookAt(database, agency));
  })();
  return {
    seen,
    async stop() {
      isOver = true;
      await reading;
    },
  };
}

/** What a reader sees of a version, by its line in the report. */
export function lookOf(reportLine: string): string {
  const [, count, sum] = reportLine.split(',');
  return `${count} ${sum} 1 version, report ${count} ${sum}`;
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
