import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { answerWhy, openFeedDesk } from '@passbook/cli';
import { readImportSummary, recordDrop } from '@passbook/imports';
import { makeLogger } from '@passbook/runtime';
import { until, type TestDatabase } from '@passbook/testing';
import { makePlace } from '../run-passbook.js';
import { useAgencies } from './make-agencies.js';
import { makeTestApi } from './make-test-api.js';
import type { TestHouse } from './make-test-house.js';
import { makeRatings, ratingsFile } from './ratings.js';

let database: TestDatabase;
let house: TestHouse;
useAgencies((made) => void ({ database, house } = made));

const readCurrent = async (agency: string): Promise<string> => {
  const { rows } = await database.query<{ id: string }>(
    'select i.id from feed_versions v join imports i on i.no = v.current where v.scope = $1',
    [agency],
  );
  return rows[0]!.id;
};

test('a version whose file is still to be moved is not loaded once more when a newer one is there', async () => {
  const name = 'Customer Rating Agency A Inc.csv';
  const text = ratingsFile(makeRatings(50, 1));
  const first = await house.importText(text, name);
  const newer = await house.importText(ratingsFile(makeRatings(60, 2)), 'Customer Rating Agency A Inc 2.csv');
  expect(await readCurrent('A')).toBe(newer.receipt.importId);
  // As if we had died before the first file was moved: its drop is open, and it lies there.
  const path = join(house.config.IMPORTS_DIR, name);
  await writeFile(path, text);
  const copyName = '00000000-0000-4000-8000-000000000001';
  await database.withTransaction((trx) =>
    recordDrop(trx, { importNo: first.importNo, path, stays: false, copyName, refusal: null }),
  );
  await house.house().chunker.importFile(path);
  expect(await readdir(house.config.IMPORTS_DIR)).toEqual(['.claimed']);
  expect(await readCurrent('A')).toBe(newer.receipt.importId);
});

test('a file that is held lies in imports/ until it is let in, and then loads by itself', async () => {
  await house.importText(ratingsFile(makeRatings(100, 3)), 'Customer Rating Agency B Inc.csv');
  const outside = join(house.path, 'few.csv');
  const name = 'Customer Rating Agency B Inc 2.csv';
  await writeFile(outside, ratingsFile(makeRatings(10, 4)));
  await rename(outside, join(house.config.IMPORTS_DIR, name));
  house.house().chunker.watch();
  const heldId = async (): Promise<string | undefined> =>
    (await database.query<{ id: string }>(`select id from imports where state = 'held'`)).rows[0]?.id;
  const importId = await until('it is held', heldId);
  expect(await readdir(house.config.IMPORTS_DIR)).toContain(name);
  const log = makeLogger('silent');
  const code = await openFeedDesk(house.config, log, (desk) => desk.release(importId.slice(0, 8)));
  expect(code).toBe(0);
  await until('it is loaded', async () => (await readCurrent('B')) === importId);
  await until('it is moved', async () => (await readdir(house.config.PROCESSED_DIR)).includes(name));
});

test('passbook feeds rollback goes by the word that the feed has for a scope', async () => {
  const before = await readCurrent('A');
  const run = (scope: string[]): Promise<number> =>
    openFeedDesk(house.config, makeLogger('silent'), (desk) => desk.rollBack('ratings', scope));
  expect(await run(['--agency', 'a'])).toBe(0);
  const present = await readCurrent('A');
  expect(present).not.toBe(before);
  const notes = async () =>
    Promise.all([before, present].map(async (id) => (await readImportSummary(database, id))!.note));
  expect(await notes()).toEqual([expect.stringContaining('those of this file do not count now'), null]);
  expect(await run(['--scope=A'])).toBe(0);
  expect(await readCurrent('A')).toBe(before);
  expect(await notes()).toEqual([null, expect.stringContaining('those of this file do not count now')]);
  expect(await run(['--agency', 'Z'])).toBe(1);
  await expect(run([])).rejects.toThrow('Say which agency: --agency A.');
  await expect(run(['--branch', 'A'])).rejects.toThrow('Say which agency');
});

test('the API says of rows that later files replaced that they are deleted, and lists the others', async () => {
  const ids: string[] = [];
  for (const [at, name] of [1, 2, 3].map((no) => `Customer Rating Agency E Inc ${no}.csv`).entries()) {
    const text = ratingsFile(makeRatings(20, 50 + at), ['x,1,2,normal']);
    ids.push((await house.importText(text, name)).receipt.importId);
  }
  const api = await makeTestApi(database, house);
  try {
    const look = async (path: string) => {
      const { body } = await api.get(`/v1/imports/${path}`);
      return [body.items.map((row) => row['line']), body['isReplaced']];
    };
    const lines = Array.from({ length: 21 }, (_, at) => at + 2);
    await house
      .house()
      .feeds.find(({ name }) => name === 'ratings')!
      .versions!.removeOld(database);
    expect(await look(`${ids[0]}/rows`)).toEqual([[22], true]);
    expect(await look(`${ids[0]}/rows?line=3`)).toEqual([[], true]);
    expect(await look(`${ids[1]}/rows`)).toEqual([lines, false]);
    // What was seen of these is remembered, and is not shown when they are deleted.
    await house.importText(ratingsFile(makeRatings(20, 60)), 'Customer Rating Agency E Inc 4.csv');
    await house
      .house()
      .feeds.find(({ name }) => name === 'ratings')!
      .versions!.removeOld(database);
    expect(await look(`${ids[1]}/rows`)).toEqual([[22], true]);
  } finally {
    await api.stop();
  }
});

test('the API says so of rows that are deleted while it looks for them', async () => {
  const load = (no: number) =>
    house.importText(ratingsFile(makeRatings(20, 80 + no)), `Customer Rating Agency F Inc ${no}.csv`);
  const { receipt } = await load(1);
  await load(2);
  const feeds = house.house().feeds.map((feed) =>
    feed.name === 'ratings'
      ? {
          ...feed,
          async listPosted(...asked: Parameters<typeof feed.listPosted>) {
            await load(3);
            await feed.versions!.removeOld(database);
            return feed.listPosted(...asked);
          },
        }
      : feed,
  );
  const api = await makeTestApi(database, { ...house, house: () => ({ ...house.house(), feeds }) });
  try {
    const { body } = await api.get(`/v1/imports/${receipt.importId}/rows`);
    expect(body).toMatchObject({ items: [], isReplaced: true });
  } finally {
    await api.stop();
  }
});

test('passbook outcome and why say of rows that later files replaced that they are deleted', async () => {
  const names = [1, 2, 3].map((at) => `Customer Rating Agency C Inc ${at}.csv`);
  for (const [at, name] of names.entries())
    await house.importText(ratingsFile(makeRatings(20, 40 + at), ['x,1,2,normal']), name);
  const place = await makePlace();
  try {
    const { DATABASE_URL, FEED_DEFINITIONS_DIR } = house.config;
    const settings = { DATABASE_URL: DATABASE_URL!, FEED_DEFINITIONS_DIR };
    const ask = (name: string) => place.run('passbook.mjs', ['outcome', name], settings);
    const feeds = house.house().feeds;
    await feeds.find(({ name }) => name === 'ratings')!.versions!.removeOld(database);
    const replaced = await ask(names[0]!);
    expect(replaced.code).toBe(1);
    expect(replaced.stderr).toContain(
      `The posted rows of ${names[0]!} are deleted: later files replaced them`,
    );
    // What was not posted stays.
    expect(replaced.stdout.split('\r\n').slice(1)).toEqual([
      '22,quarantined,,,,,,customer_number,TYPE_NUMBER',
      '',
    ]);
    const kept = await ask(names[1]!);
    expect([kept.code, kept.stderr, kept.stdout.split('\r\n').length]).toEqual([0, '', 1 + 21 + 1]);
    const why = async (name: string) =>
      (await answerWhy(database, `${name}:3`, house.config, feeds))!.sentences.join(' ');
    expect(await why(names[0]!)).toContain(
      'Line 3 was posted, and is deleted: later files replaced the rows',
    );
    expect(await why(names[1]!)).toContain('Line 3 was posted.');
  } finally {
    await place.remove();
  }
});
