import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { listOpenDrops, type Receipt } from '@passbook/imports';
import {
  makeTestDatabase,
  transactionRow,
  transactionsFile,
  until,
  type TestDatabase,
} from '@passbook/testing';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  house = await makeTestHouse(database);
});
afterEach(() => house.remove());

test('a file in imports/ is watched, imported and moved; one elsewhere stays', async () => {
  const { IMPORTS_DIR, PROCESSED_DIR } = house.config;
  house.house().chunker.watch();
  const text = transactionsFile([transactionRow()]);
  await writeFile(join(IMPORTS_DIR, 'dropped.csv'), text);
  await until('it has a receipt', async () =>
    (await readdir(PROCESSED_DIR)).includes('dropped.csv.receipt.json'),
  );
  await until('no copy is left', async () => (await readdir(join(IMPORTS_DIR, '.claimed'))).length === 0);
  expect(await readdir(IMPORTS_DIR)).toEqual(['.claimed']);
  expect(await readFile(join(PROCESSED_DIR, 'dropped.csv'), 'utf8')).toBe(text);

  await house.importRows([transactionRow()], 'elsewhere.csv');
  expect((await stat(join(house.path, 'elsewhere.csv'))).isFile()).toBe(true);
  expect(await readdir(PROCESSED_DIR)).toContain('elsewhere.csv');
});

test('an import that another process left open goes on at the next start', async () => {
  const { IMPORTS_DIR, PROCESSED_DIR } = house.config;
  const rows = Array.from({ length: 3000 }, () => transactionRow());
  const path = join(IMPORTS_DIR, 'left.csv');
  await writeFile(path, transactionsFile(rows));
  const importing = house
    .house()
    .chunker.importFile(path)
    .catch(() => null);
  const newest = async (): Promise<{ no: number; loaded: number } | undefined> =>
    (
      await database.query<{ no: number; loaded: number }>(
        'select no, chunks_loaded as loaded from imports order by no desc limit 1',
      )
    ).rows[0];
  await until('some of it is loaded', async () => ((await newest())?.loaded ?? 0) > 0);
  await house.close();
  await importing;
  await house.open();
  house.house().chunker.watch();
  await until('it has a receipt', async () =>
    (await readdir(PROCESSED_DIR)).includes('left.csv.receipt.json'),
  );
  const receipt = JSON.parse(await readFile(join(PROCESSED_DIR, 'left.csv.receipt.json'), 'utf8')) as Receipt;
  expect(receipt).toMatchObject({
    rowsRead: 3000,
    rowsPosted: 3000,
    rowsDuplicate: 0,
    amountPosted: '3000.00',
  });
  await until(
    'the drop is done',
    async () => (await listOpenDrops(database, (await newest())!.no)).length === 0,
  );
});

test('no full account number reaches the database, or a folder beside those that hold the file', async () => {
  const account = '4111111111111111';
  const rows = [
    transactionRow({ account }),
    transactionRow({ account, amount: 'x' }),
    transactionRow({ first: account }),
  ];
  await house.importRows(rows, 'secret.csv');
  const { rows: tables } = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  expect(tables.length).toBeGreaterThan(10);
  for (const { name } of tables) {
    const { rows: found } = await database.query(`select t::text from ${name} t where t::text like $1`, [
      `%${account}%`,
    ]);
    expect([name, found]).toEqual([name, []]);
  }
  const holders: string[] = [];
  for (const name of await readdir(house.path, { recursive: true })) {
    const path = join(house.path, name);
    if ((await stat(path)).isFile() && (await readFile(path, 'latin1')).includes(account)) holders.push(name);
  }
  expect(holders.sort()).toEqual(['processed/secret.csv', 'quarantine/secret.csv.rows.csv', 'secret.csv']);
});

test('two chunkers with folders of their own on one database leave the files of the other alone', async () => {
  const other = await makeTestHouse(database);
  try {
    const text = transactionsFile(Array.from({ length: 300 }, () => transactionRow()));
    const importing = house.house().chunker.importFile(await write(house, 'mine.csv', text));
    await until(
      'it is accepted',
      async () => (await readdir(join(house.config.IMPORTS_DIR, '.claimed'))).length > 0,
    );
    other.house().chunker.watch();
    await writeFile(join(other.config.IMPORTS_DIR, 'theirs.csv'), text);
    await importing;
    await until('both have a receipt', async () => {
      const names = [house, other].map(({ config }) => readdir(config.PROCESSED_DIR));
      return (await Promise.all(names)).every((folder) =>
        folder.some((name) => name.endsWith('.receipt.json')),
      );
    });
    expect((await readdir(other.config.PROCESSED_DIR)).sort()).toEqual([
      'theirs.csv',
      'theirs.csv.receipt.json',
    ]);
    expect((await readdir(house.config.PROCESSED_DIR)).sort()).toEqual(['mine.csv', 'mine.csv.receipt.json']);
  } finally {
    await other.remove();
  }
});

async function write({ path }: TestHouse, name: string, text: string): Promise<string> {
  const file = join(path, name);
  await writeFile(file, text);
  return file;
}
