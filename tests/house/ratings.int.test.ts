import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  countDueReports,
  findImports,
  readImportSummary,
  releaseImport,
  readImport,
} from '@passbook/imports';
import { HeldError } from '@passbook/chunker';
import { until, type TestDatabase } from '@passbook/testing';
import { type Agencies, useAgencies } from './make-agencies.js';
import type { TestHouse } from './make-test-house.js';
import {
  lookOf,
  makeRatings,
  ratingsFile,
  ratingsHeader,
  readAlways,
  readReport,
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

const importError = (promise: Promise<unknown>): Promise<unknown> => promise.catch((err: unknown) => err);

test('the report is that of all agencies, by whatever order their files come', async () => {
  const other = agencies.next();
  const a = makeRatings(400, 1);
  const b = makeRatings(300, 2);
  const first = await agencies.importFrom(other, ratingsFile(b, ['z1111753583,1,2,normal']));
  expect(await readReport(first)).toEqual([reportLine(other, b, 1)]);
  const second = await agencies.importFrom(agency, ratingsFile(a));
  expect(second.receipt).toMatchObject({ feed: 'ratings', rowsPosted: 400, accounts: 0, amountPosted: null });
  expect(await readReport(second)).toEqual([reportLine(agency, a, 0), reportLine(other, b, 1)]);
  const html = await readFile(join(second.reportFolder, 'index.html'), 'utf8');
  expect(html).toContain(`Customer Rating Agency ${agency} Inc`);
  expect(second.reports).toHaveLength(2);
});

test('one more agency needs nothing but its file', async () => {
  const ratings = makeRatings(5, 3);
  const imported = await agencies.importFrom(agency.toLowerCase(), ratingsFile(ratings));
  expect(await agencies.readLine(imported, agency)).toBe(reportLine(agency, ratings, 0));
});

describe('a file of an agency', () => {
  test('replaces what the agency sent before, and that of no other', async () => {
    const other = agencies.next();
    await agencies.importFrom(other, ratingsFile(makeRatings(30, 9)));
    await agencies.importFrom(agency, ratingsFile(makeRatings(100, 10)));
    const next = makeRatings(90, 11);
    const imported = await agencies.importFrom(agency, ratingsFile(next));
    expect(await agencies.readLine(imported, agency)).toBe(reportLine(agency, next, 0));
    expect([await agencies.count(agency), await agencies.count(other)]).toEqual([90, 30]);
  });

  test('is a duplicate while it is the newest, and loads again when another was between', async () => {
    const [old, other] = [makeRatings(40, 12), makeRatings(40, 13)];
    const first = await agencies.importFrom(agency, ratingsFile(old));
    const repeated = await agencies.importFrom(agency, ratingsFile(old)).catch((err: unknown) => err);
    expect(repeated).toMatchObject({ receipt: { duplicateOf: first.receipt.importId, rowsPosted: 0 } });
    await agencies.importFrom(agency, ratingsFile(other));
    const back = await agencies.importFrom(agency, ratingsFile(old));
    expect(back.receipt).toMatchObject({ rowsPosted: 40, duplicateOf: null });
    expect(await agencies.readLine(back, agency)).toBe(reportLine(agency, old, 0));
  });

  test('is never seen in parts: each look shows one version, whole, and the figures of its report', async () => {
    const versions = [200, 201, 202, 203, 204, 205].map((size) => makeRatings(size, size));
    const looks = versions.map((ratings) => lookOf(reportLine(agency, ratings, 0)));
    await agencies.importFrom(agency, ratingsFile(versions[0]!));
    const reader = readAlways(database, agency);
    for (const ratings of versions.slice(1)) await agencies.importFrom(agency, ratingsFile(ratings));
    await reader.stop();
    expect([...reader.seen].filter((look) => !looks.includes(look))).toEqual([]);
    expect(reader.seen.size).toBeGreaterThan(1);
  });

  test('of two at once, the one that was dropped later counts, whichever is done first', async () => {
    const [early, late] = [makeRatings(3_000, 15), makeRatings(2_000, 16)];
    const drop = async (ratings: typeof early): Promise<string> => {
      const path = join(house.path, agencies.nameOf(agency));
      await writeFile(path, ratingsFile(ratings));
      return path;
    };
    const paths = [await drop(early), await drop(late)] as const;
    const states = async () =>
      (
        await database.query<{ state: string }>('select state from imports where scope = $1', [agency])
      ).rows.map(({ state }) => state);
    const first = house.house().chunker.importFile(paths[0]);
    await until('the first is begun', async () => (await states()).length === 1);
    const second = house.house().chunker.importFile(paths[1]);
    await Promise.all([first, second]);
    expect(await agencies.count(agency)).toBe(2_000);
    expect(await states()).toEqual(['loaded', 'loaded']);
  });

  test('without a byte is refused, and what the agency has stays', async () => {
    await agencies.importFrom(agency, ratingsFile(makeRatings(20, 27)));
    const path = join(house.path, agencies.nameOf(agency));
    await writeFile(path, '');
    const drop = await house.house().chunker.importFile(path);
    expect(drop.refusal).toMatchObject({ code: 'EMPTY_FILE' });
    expect(await agencies.count(agency)).toBe(20);
  });

  test('with a header alone is an import of no rows, while the agency has none', async () => {
    const { receipt } = await agencies.importFrom(agency, `${ratingsHeader}\n`);
    expect(receipt).toMatchObject({ rowsRead: 0, rowsPosted: 0, state: 'loaded' });
  });
});

describe('a guard', () => {
  const held = async (text: string): Promise<HeldError> => {
    const path = join(house.path, agencies.nameOf(agency));
    await writeFile(path, text);
    const err = await importError(house.house().chunker.importFile(path));
    expect(err).toBeInstanceOf(HeldError);
    return err as HeldError;
  };

  test('holds a file that shrank, as SHRUNK, until a person lets it in', async () => {
    await agencies.importFrom(agency, ratingsFile(makeRatings(100, 17)));
    const few = makeRatings(10, 18);
    const { hold, importId } = await held(ratingsFile(few));
    expect(hold).toMatchObject({ code: 'SHRUNK' });
    expect(hold.message).toContain('10 good rows where the present version has 100 (90.0 % fewer)');
    expect(hold.hint).toContain(`passbook feeds release ${importId}`);
    expect(await agencies.count(agency)).toBe(100);
    const [one] = await findImports(database, importId);
    expect(await releaseImport(database, one!.no)).toBe(true);
    const { state, reason } = (await readImportSummary(database, importId))!;
    expect([state, reason]).toEqual([
      'held',
      expect.stringMatching(/^It is let in: a running chunker takes/),
    ]);
    await agencies.importFrom(agency, ratingsFile(few));
    expect(await agencies.count(agency)).toBe(10);
    expect((await readImportSummary(database, importId))!.reason).toBeNull();
  });

  test('holds an empty file of an agency that has rows', async () => {
    await agencies.importFrom(agency, ratingsFile(makeRatings(100, 19)));
    expect((await held(`${ratingsHeader}\n`)).hold.message).toContain('(100.0 % fewer)');
  });

  test('holds a file with too many bad rows, as TOO_MANY_INVALID, the first one as well', async () => {
    const bad = Array.from({ length: 30 }, (_, at) => `x${at},1,2,normal`);
    const { hold } = await held(ratingsFile(makeRatings(70, 20), bad));
    expect(hold).toMatchObject({ code: 'TOO_MANY_INVALID' });
    expect(hold.message).toContain('30 of 100 rows are bad (30.0 %)');
  });
});

test('a rollback brings the version before back, its report too, and once more undoes it', async () => {
  const [old, now] = [makeRatings(40, 21), makeRatings(50, 22)];
  const first = await agencies.importFrom(agency, ratingsFile(old));
  const second = await agencies.importFrom(agency, ratingsFile(now));
  const { versions } = house.house().feeds.find(({ name }) => name === 'ratings')!;
  expect(await versions!.rollBack(database, agency)).toBe(first.receipt.importId);
  expect(await agencies.count(agency)).toBe(40);
  await house.close();
  await house.open();
  await until('the report is written', async () => (await countDueReports(database, first.importNo)) === 0);
  expect(await agencies.readLine(first, agency)).toBe(reportLine(agency, old, 0));
  // What was taken back can be loaded once more: it is not the version that counts.
  const again = await agencies.importFrom(agency, ratingsFile(now));
  expect(again.receipt).toMatchObject({ rowsPosted: 50, duplicateOf: null });
  expect(again.receipt.importId).not.toBe(second.receipt.importId);
  expect(await versions!.rollBack(database, agency)).toBe(first.receipt.importId);
  expect(await versions!.rollBack(database, 'none')).toBeNull();
});

test('rows of versions that nobody can go back to are deleted, and no others', async () => {
  for (const seed of [23, 24, 25, 26]) await agencies.importFrom(agency, ratingsFile(makeRatings(50, seed)));
  const { versions } = house.house().feeds.find(({ name }) => name === 'ratings')!;
  await versions!.removeOld(database);
  const { rows } = await database.query<{ no: number }>(
    'select distinct import_no as no from feed_ratings join imports on no = import_no where scope = $1 order by 1',
    [agency],
  );
  const kept = await database.query<{ current: number; previous: number }>(
    'select current, previous from feed_versions where scope = $1',
    [agency],
  );
  expect(rows.map(({ no }) => no)).toEqual([kept.rows[0]!.previous, kept.rows[0]!.current]);
  expect((await readImport(database, kept.rows[0]!.current)).state).toBe('loaded');
});
