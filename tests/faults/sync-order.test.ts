import { beforeAll, expect, test } from '@jest/globals';
import { recordTrial } from './kill-trial.js';
import { makeImportTrial } from './prove-kill-points.js';
import type { Operation } from './watched-process.js';

/*
 * What a kill -9 cannot show: after a power cut the disk has what was fsynced. So the order in which the product asks for
 * it is read from the log of an import.
 */

let operations: Operation[];

beforeAll(async () => {
  operations = await recordTrial(() => makeImportTrial(1));
});

/** Where the first operation is, of those after a place, that begins (`>`) or has ended (`<`). */
function find(moment: '>' | '<', pattern: RegExp, after = -1): number {
  const at = operations.findIndex(
    (one, place) => place > after && one.moment === moment && pattern.test(one.name),
  );
  if (at < 0) throw new Error(`After ${after} there is no ${moment} ${pattern}.`);
  return at;
}

test('the private copy is on the disk before its drop is committed', () => {
  const written = find('<', /^writeFile imports\/\.claimed/);
  const synced = find('<', /^sync imports\/\.claimed/, written);
  const committed = find('>', /^commit$/, find('>', /^insert into drops/));
  expect(synced).toBeLessThan(committed);
});

test('the file and its name in processed/ are on the disk before the dropped file goes away', () => {
  const linked = find('<', /^link imports\/\.claimed\/… -> processed\/small\.csv$/);
  const synced = find('<', /^sync processed$/, linked);
  expect(synced).toBeLessThan(find('>', /^rename imports\/small\.csv/));
  expect(find('<', /^rename imports\/small\.csv/)).toBeLessThan(find('>', /^rm imports\/\.passbook/));
});

test.each(['processed/small.csv.receipt.json', 'quarantine/small.csv.rows.csv'])(
  '%s has its bytes on the disk before it has its name, and its name before the drop is done',
  (path) => {
    const folder = path.slice(0, path.indexOf('/'));
    const temporary = `${folder}/\\.passbook-….tmp`;
    const written = find('<', new RegExp(`^writeFile ${temporary}`));
    const synced = find('<', new RegExp(`^sync ${temporary}`), written);
    const linked = find('>', new RegExp(`^link ${temporary} -> ${path}`));
    expect(synced).toBeLessThan(linked);
    const named = find('<', new RegExp(`^sync ${folder}$`), linked);
    const done = find('>', /^update drops d set state = 'done'/);
    expect(named).toBeLessThan(done);
  },
);

test('the private copy is deleted after the drop is done', () => {
  const done = find('<', /^update drops d set state = 'done'/);
  expect(find('>', /^rm imports\/\.claimed/)).toBeGreaterThan(done);
});

test('the key of account numbers and its name are on the disk before the database holds to it', () => {
  const synced = find('<', /^sync \.passbook\/account-number\.key/);
  const linked = find('>', /^link \.passbook\/account-number\.key/);
  expect(synced).toBeLessThan(linked);
  const named = find('<', /^sync \.passbook$/, linked);
  // The first of the two is the time zone.
  expect(named).toBeLessThan(find('>', /^insert into installation/));
});

test('statements are not synced, for they can be rendered again; each is whole before it has its name', () => {
  expect(operations.filter(({ name }) => /^sync reports/.test(name))).toEqual([]);
  const steps = operations.filter(
    ({ name, moment }) =>
      moment === (/^rename/.test(name) ? '>' : '<') && /^(writeFile|rename) reports/.test(name),
  );
  // Their temporary names are left out here: so they are counted.
  let whole = 0;
  let named = 0;
  for (const { name } of steps) {
    if (name.startsWith('writeFile')) whole += 1;
    else named += 1;
    expect([name, named <= whole]).toEqual([name, true]);
  }
  // Five accounts: the page, the JSON and the mail of each; and the index.
  expect([whole, named]).toEqual([16, 16]);
});
