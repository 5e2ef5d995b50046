import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeFeeds, prepareDeclaredTables, readDefinitions, type Feed } from '@passbook/feeds';
import { claimReports } from '@passbook/imports';
import { makeLogger } from '@passbook/runtime';
import {
  beginImport,
  makeTestDatabase,
  makeTestFolder,
  sendManifest,
  type BegunImport,
  type TestDatabase,
} from '@passbook/testing';
import { loadBatch } from './load-batch.js';
import { sortMessages } from './sort-messages.js';

let database: TestDatabase;
let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let feed: Feed;
beforeAll(async () => {
  database = await makeTestDatabase();
  folder = await makeTestFolder();
  const definitions = await readDefinitions('feed-definitions');
  await database.withConnection((connection) => prepareDeclaredTables(connection, definitions));
  feed = makeFeeds({ accountNumberKey: null, definitions }).find(({ name }) => name === 'ratings')!;
});
afterAll(async () => {
  await folder.remove();
  await database.drop();
});

const file = (ratings: readonly number[]): string =>
  [
    'customer_number,customer_rating,customer_rating_limit,customer_status',
    ...ratings.map((rating, at) => `${at},${rating},1,normal`),
    '',
  ].join('\n');

async function complete(begun: BegunImport): Promise<void> {
  const log = makeLogger('silent');
  const parts = { database, feeds: new Map([[feed.name, feed]]), log, signal: new AbortController().signal };
  await loadBatch(parts, await sortMessages(parts, begun.messages));
  expect(await sendManifest(database, feed, begun)).toBe(true);
}

const readSum = async (): Promise<unknown> =>
  (await database.query<{ sum: string }>('select sum(customer_rating)::text as sum from ratings')).rows[0]!
    .sum;

test('a file that was dropped first and is done last does not count, and its import and its page say so', async () => {
  const early = await beginImport(database, feed, file([1, 2, 3]));
  const late = await beginImport(database, feed, file([10, 20]));
  await complete(late);
  expect(await readSum()).toBe('30');
  await complete(early);
  expect(await readSum()).toBe('30');
  const { rows } = await database.query<{ no: number; note: string | null }>(
    'select no, note from imports order by no',
  );
  const sentence = 'A file that was dropped later was loaded before this one';
  expect(rows.map(({ no }) => no)).toEqual([early.one.no, late.one.no]);
  expect(rows.map(({ note }) => note?.includes(sentence) ?? null)).toEqual([true, null]);
  for (const isEarly of [false, true]) {
    const { reports } = await claimReports(database);
    expect(reports.map(({ importNo }) => importNo)).toEqual([(isEarly ? early : late).one.no]);
    await feed.render(database, reports, folder.path, null, new AbortController().signal);
    await database.query(`update reports set state = 'done' where import_no = $1`, [reports[0]!.importNo]);
    const html = await readFile(join(folder.path, 'index.html'), 'utf8');
    expect(html.includes(sentence)).toBe(isEarly);
    // The report is that of the rows that count, whichever file it comes with.
    const csv = (await readdir(folder.path)).find((name) => name.endsWith('.csv'))!;
    expect(await readFile(join(folder.path, csv), 'utf8')).toContain(',2,30,0,0,0.00\r\n');
  }
  // Nobody can go back to it: its rows are deleted.
  expect(await feed.versions!.keepsRows(database, late.one.no)).toBe(true);
  expect(await feed.versions!.keepsRows(database, early.one.no)).toBe(false);
  expect(await feed.versions!.removeOld(database)).toBe(3);
});
