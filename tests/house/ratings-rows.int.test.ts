import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { TestDatabase } from '@passbook/testing';
import { type Agencies, useAgencies } from './make-agencies.js';
import type { TestHouse } from './make-test-house.js';
import { generateRatings } from '../../scripts/generate-ratings.mjs';
import {
  computeReportLine,
  makeRatings,
  ratingsFile,
  ratingsHeader,
  readQuarantined,
  reportLine,
} from './ratings.js';

let agencies: Agencies;
let database: TestDatabase;
let house: TestHouse;
useAgencies((made) => {
  agencies = made;
  ({ database, house } = made);
});

/** For each test another. */
let agency: string;
beforeEach(() => {
  agency = agencies.next();
});

test.each([31, 32, 33, 34])(
  'the report of file %i is what another reading of its bytes gives',
  async (seed) => {
    const generated = [...generateRatings({ agency, rows: 300, bad: 0.1, seed })].join('');
    const lines = generated.split('\r\n').slice(1, -1);
    // Some rows stand there again, and some customers with another rating.
    const again = lines.filter((_, at) => at % 40 === 0);
    const other = lines.filter((_, at) => at % 45 === 7).map((line) => line.replace(/^(\d+),/, '$1,7'));
    const text = generated + [...again, ...other, ''].join('\r\n');
    const imported = await agencies.importFrom(agency, text);
    expect(await agencies.readLine(imported, agency)).toBe(computeReportLine(agency, text));
    const { rowsDuplicate, rowsQuarantined } = imported.receipt;
    expect([rowsDuplicate > 3, rowsQuarantined > 20]).toEqual([true, true]);
  },
);

describe('bad rows', () => {
  const bad = [
    'z1111753583,1,2,normal',
    '11119b88202,2147483648,2,normal',
    '7,1,2,abcdefghijklmnopqrstuvwxyz',
    '8,1',
    '9,1,2,normal,extra',
    '"10,1,2,normal',
    ',,,',
  ];

  const fate = (columns: string[], codes: string[], payload: object): object => ({ columns, codes, payload });
  const cells = (...texts: string[]): object =>
    Object.fromEntries(texts.map((text, at) => [ratingsHeader.split(',')[at]!, text]));

  test('are kept for audit with all columns that failed, and the rest loads', async () => {
    const good = makeRatings(50, 4);
    const { receipt, importNo } = await agencies.importFrom(agency, ratingsFile(good, bad));
    expect(receipt).toMatchObject({ rowsRead: 57, rowsPosted: 50, rowsQuarantined: 7 });
    expect(await readQuarantined(database, receipt.importId)).toEqual([
      fate(['customer_number'], ['TYPE_NUMBER'], cells('z1111753583', '1', '2', 'normal')),
      fate(
        ['customer_number', 'customer_rating'],
        ['TYPE_NUMBER', 'RANGE'],
        cells('11119b88202', '2147483648', '2', 'normal'),
      ),
      fate(['customer_status'], ['TYPE_VALUE'], cells('7', '1', '2', 'abcdefghijklmnopqrstuvwxyz')),
      fate(
        ['customer_rating_limit', 'customer_status'],
        Array<string>(2).fill('MISSING_CELL'),
        cells('8', '1'),
      ),
      fate([], ['EXTRA_CELL'], { ...cells('9', '1', '2', 'normal'), _extra: ['extra'] }),
      fate([], ['QUOTE'], { _text: '"10,1,2,normal' }),
      fate(ratingsHeader.split(','), Array<string>(4).fill('MISSING_CELL'), cells('', '', '', '')),
    ]);
    // A run that replaces all of it leaves them there.
    await agencies.importFrom(agency, ratingsFile(makeRatings(50, 5)));
    const kept = await database.query('select from import_exceptions where import_no = $1', [importNo]);
    expect(kept.rowCount).toBe(7);
  });

  test('are none that are just within: numbers of 32 bits, a status of 25 characters', async () => {
    const ratings = [
      { number: -(2 ** 31), rating: -(2 ** 31), limit: 2 ** 31 - 1, status: 'a'.repeat(25) },
      { number: 2 ** 31 - 1, rating: 2 ** 31 - 1, limit: -(2 ** 31), status: 'Zürich'.padEnd(25, 'ü') },
    ];
    const { receipt } = await agencies.importFrom(agency, ratingsFile(ratings));
    expect(receipt).toMatchObject({ rowsRead: 2, rowsPosted: 2, rowsQuarantined: 0 });
    const { rows } = await database.query(
      `select customer_number as number, customer_rating as rating, customer_rating_limit as limit, customer_status as status
       from ratings where agency = $1 order by line`,
      [agency],
    );
    expect(rows).toEqual(ratings);
  });

  test('a repeated customer is a duplicate, or a CONFLICT when it says something else, across windows as well', async () => {
    await house.close();
    house.config.WINDOW_ROWS = 10;
    await house.open();
    house.config.WINDOW_ROWS = 200_000;
    const good = makeRatings(50, 6);
    const { number, rating, limit, status } = good[0]!;
    const again = [`${number},${rating},${limit},${status}`, `${number},${rating + 1},${limit},${status}`];
    const imported = await agencies.importFrom(agency, ratingsFile(good, again));
    expect(imported.receipt).toMatchObject({ rowsPosted: 50, rowsDuplicate: 1, rowsQuarantined: 1 });
    // Both are rows that were not counted: count and invalid are all rows.
    expect(await agencies.readLine(imported, agency)).toBe(reportLine(agency, good, 2));
    expect(await readQuarantined(database, imported.receipt.importId)).toEqual([
      {
        codes: ['CONFLICT'],
        columns: ['customer_number'],
        payload: {
          customer_number: number,
          customer_rating: rating + 1,
          customer_rating_limit: limit,
          customer_status: status,
        },
      },
    ]);
  });
});

describe('a name', () => {
  test.each([
    'ratings of agency A',
    'Customer Rating Agency 1 Inc',
    'Customer Rating Agency AB Inc',
    'Customer Rating Agency A',
  ])('of no agency is refused as FILE_NAME, with how the file is to be called: %s', async (name) => {
    const path = join(house.path, `${name}.csv`);
    await writeFile(path, ratingsFile(makeRatings(5, name.length)));
    const drop = await house.house().chunker.importFile(path);
    expect(drop.refusal).toMatchObject({
      code: 'FILE_NAME',
      message: 'The file has the columns of ratings, but its name does not say whose it is.',
      hint: expect.stringContaining('Customer Rating Agency A Inc.csv') as unknown as string,
    });
  });

  test('of quarantined rows alone is refused as PARTIAL_FILE: it would replace all there are', async () => {
    const name = agencies.nameOf(agency);
    await house.importText(ratingsFile(makeRatings(50, 8), ['x,1,2,normal']), name);
    const path = join(house.config.QUARANTINE_DIR, `${name}.rows.csv`);
    const drop = await house.house().chunker.importFile(path);
    expect(drop.refusal).toMatchObject({ code: 'PARTIAL_FILE' });
    expect(await agencies.count(agency)).toBe(50);
  });
});
