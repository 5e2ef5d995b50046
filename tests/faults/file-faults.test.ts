import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@passbook/testing';
import { readOperations } from './watched-process.js';
import { makeText, makeWatchTrial, type WatchTrial } from './watch-trial.js';

/* What may happen to a dropped file while the product is busy with it: the process is made to wait just there. */

/** More than 1 MiB: when the first piece goes to the copy, the rest is not read yet. */
const ROWS = 12_000;

let trial: WatchTrial;
beforeEach(async () => {
  trial = await makeWatchTrial();
});
afterEach(() => trial.remove());

const processed = (name: string): string => readFileSync(trial.at(`processed/${name}`), 'utf8');

describe('a file that, while it is read,', () => {
  const path = (): string => trial.at('imports/busy.csv');
  beforeEach(async () => {
    await trial.start({ pause: { at: /^writeFile imports\/\.claimed/, until: trial.at('go') } });
  });

  // Its first piece is in the copy by then: of what is written over it, only the rest would follow.
  test.each([
    ['grows', 1],
    ['shrinks', -1],
  ])('is written over and %s is read anew when it is whole', async (_, direction) => {
    const rows = ROWS + 500;
    const text = makeText(rows + 500 * direction);
    await trial.drop('busy.csv', makeText(rows));
    await trial.paused();
    await writeFile(path(), text);
    await trial.sign('go');
    const expected = { rowsRead: rows + 500 * direction, rowsPosted: rows + 500 * direction };
    expect(await trial.receipt('busy.csv')).toMatchObject(expected);
    await trial.expectAllDone(expected.rowsPosted);
    expect(processed('busy.csv')).toBe(text);
  });

  test('is replaced by another gives way to that one', async () => {
    const other = makeText(20);
    await trial.drop('busy.csv', makeText(ROWS));
    await trial.paused();
    await trial.drop('busy.csv', other);
    await trial.sign('go');
    expect(await trial.receipt('busy.csv')).toMatchObject({ rowsRead: 20, rowsPosted: 20 });
    await trial.expectAllDone(20);
    expect(processed('busy.csv')).toBe(other);
  });

  test('is deleted posts nothing, and the next file is imported', async () => {
    await trial.drop('busy.csv', makeText(ROWS));
    await trial.paused();
    await rm(path());
    await trial.sign('go');
    await trial.drop('next.csv', makeText(5));
    expect(await trial.receipt('next.csv')).toMatchObject({ rowsPosted: 5 });
    await trial.expectAllDone(5);
    expect(await trial.place.list('processed')).toEqual(['next.csv', 'next.csv.receipt.json']);
  });
});

test('a file that is replaced when it is about to be moved: both are imported', async () => {
  await trial.start({ pause: { at: /^rename imports\/busy/, until: trial.at('go') } });
  const [text, other] = [makeText(30), makeText(20)];
  await trial.drop('busy.csv', text);
  await trial.paused();
  await trial.drop('busy.csv', other);
  await trial.sign('go');
  expect(await trial.receipt('busy.csv')).toMatchObject({ rowsPosted: 30 });
  expect(await trial.receipt('busy-2.csv')).toMatchObject({ rowsPosted: 20 });
  await trial.expectAllDone(50);
  expect([processed('busy.csv'), processed('busy-2.csv')]).toEqual([text, other]);
});

test('the same file dropped again under its name, as soon as the first is taken away, gets a receipt of its own', async () => {
  await trial.start({ pause: { at: /^open processed\/\.passbook-.*tmp/, until: trial.at('go') } });
  const text = makeText(30);
  await trial.drop('again.csv', text);
  await trial.paused();
  await trial.drop('again.csv', text);
  await until('it is taken for the first, which is still on its way', async () =>
    (await readOperations(trial.place, 'operations')).some(
      ({ name, moment }) => moment === '<' && name.startsWith('rm imports/.claimed'),
    ),
  );
  await trial.sign('go');
  const first = await trial.receipt('again.csv');
  expect(first).toMatchObject({ rowsPosted: 30, duplicateOf: null });
  const second = await trial.receipt('again-2.csv');
  expect(second).toMatchObject({ rowsPosted: 0, rowsDuplicate: 30, duplicateOf: first.importId });
  await trial.expectAllDone(30);
});

test('two processes on the same folders import each of ten files once', async () => {
  await trial.start();
  await trial.start();
  const names = Array.from({ length: 10 }, (_, at) => `file-${at}.csv`);
  await Promise.all(names.map((name) => trial.drop(name, makeText(200))));
  for (const name of names)
    expect(await trial.receipt(name)).toMatchObject({ rowsPosted: 200, duplicateOf: null });
  await trial.expectAllDone(2000);
  const expected = names.flatMap((name) => [name, `${name}.receipt.json`]);
  expect(await trial.place.list('processed')).toEqual(expected.sort());
  expect(await trial.place.list('quarantine')).toEqual([]);
});

test('a file whose time is long ago, or in the future, is imported as any other', async () => {
  await trial.start();
  for (const [name, year] of [
    ['old.csv', 1975],
    ['new.csv', 2100],
  ] as const) {
    await trial.drop(name, makeText(10), new Date(Date.UTC(year, 0)));
    expect(await trial.receipt(name)).toMatchObject({ rowsPosted: 10 });
  }
  await trial.expectAllDone(20);
});
