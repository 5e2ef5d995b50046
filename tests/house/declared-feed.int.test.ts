import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

let page: string;
let database: TestDatabase;
let house: TestHouse;
beforeAll(async () => {
  page = await readFile('docs/feeds.md', 'utf8');
  database = await makeTestDatabase();
  house = await makeTestHouse(database);
  await house.close();
  await mkdir(house.config.FEED_DEFINITIONS_DIR);
  await define(blocks('json')[0]!);
  await house.open();
});
afterAll(async () => {
  await house.remove();
  await database.drop();
});

/** The examples of the page, in one language. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!);

const define = (json: string): Promise<void> =>
  writeFile(join(house.config.FEED_DEFINITIONS_DIR, 'rates.json'), json);

test('the feed of the documentation does what the page says, with no code of its own', async () => {
  const [file, report] = blocks('csv');
  const imported = await house.importText(file!, 'rates-2024-05-31.csv');
  expect(imported.receipt).toMatchObject({
    feed: 'rates',
    rowsRead: 6,
    rowsPosted: 3,
    rowsDuplicate: 0,
    rowsQuarantined: 3,
  });
  const name = imported.reports.find((one) => /^rates_\d{8}\.csv$/.test(one))!;
  const written = await readFile(join(imported.reportFolder, name), 'utf8');
  expect(written.replaceAll('\r\n', '\n')).toBe(report);
  const { rows } = await database.query(
    `select day::text, currency, rate::text, source from rates order by line`,
  );
  expect(rows).toEqual([
    { day: '2024-05-31', currency: 'USD', rate: '1.0852', source: 'ecb' },
    { day: '2024-05-31', currency: 'JPY', rate: '170.35', source: 'ecb' },
    { day: '2024-05-31', currency: 'GBP', rate: '0.85365', source: null },
  ]);
  const bad = await database.query(
    'select line::integer, codes, payload from quarantined_rows order by line',
  );
  expect(bad.rows).toEqual([
    { line: 5, codes: ['TYPE_VALUE'], payload: null },
    { line: 6, codes: ['CONFLICT'], payload: null },
    { line: 7, codes: ['TYPE_DATE'], payload: null },
  ]);
});

test('a feed that appends knows a row of an earlier file, and takes mended rows', async () => {
  const text = 'day,currency,rate,source\n2024-05-31,JPY,170.350,ecb\n2024-06-03,JPY,170.1,ecb\n';
  const { receipt } = await house.importText(text, 'rates-2024-06-03.csv');
  expect(receipt).toMatchObject({ rowsPosted: 1, rowsDuplicate: 1, rowsQuarantined: 0 });
  const rowsFile = await readFile(join(house.config.QUARANTINE_DIR, 'rates-2024-05-31.csv.rows.csv'), 'utf8');
  const mended = rowsFile.replace('usd', 'NOK').replace('2024-02-30', '2024-02-29');
  const again = await house.importText(mended, 'rates-2024-05-31.csv.rows.csv');
  expect(again.receipt).toMatchObject({ rowsPosted: 2, rowsQuarantined: 1 });
});

test('columns may be added to a feed that has rows, but not changed', async () => {
  const definition = JSON.parse(blocks('json')[0]!) as { key: string[]; columns: object[] };
  await house.close();
  await define(JSON.stringify({ ...definition, key: ['day'] }));
  await expect(house.open()).rejects.toThrow(
    'The feed rates has rows already, and its definition changes the key',
  );
  const note = { name: 'note', type: 'string' };
  await define(JSON.stringify({ ...definition, columns: [...definition.columns, note] }));
  await house.open();
  await house.importText(
    'day,currency,rate,source,note\n2024-07-01,USD,1.07,,late\n',
    'rates-2024-07-01.csv',
  );
  const { rows } = await database.query(`select currency, note from rates where note is not null`);
  expect(rows).toEqual([{ currency: 'USD', note: 'late' }]);
});
