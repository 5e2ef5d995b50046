import { createHash, randomUUID } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  finishDrop,
  listOpenDrops,
  makeImportId,
  nameReportFolder,
  readDrop,
  reserveFinalName,
  takeLease,
  type Receipt,
} from '@passbook/imports';
import { transactionRow, transactionsFile, until, type TestDatabase } from '@passbook/testing';
import { makeTestHouse, type TestHouse, useTestHouses } from './make-test-house.js';

/** Of an import that is stopped in its middle. */
const ROWS = 60_000;

let database: TestDatabase;
let house: TestHouse;
useTestHouses((made) => void ({ house, database } = made));

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

test.each([
  ['left.csv', 'another process', 'chunking'],
  ['begun before.csv', 'version 3, which knew no decoding,', `chunking - 'decoding' || '{"version": 3}'`],
])('%s, an import that %s left open, goes on at the next start', async (name, _who, chunking) => {
  const { IMPORTS_DIR, PROCESSED_DIR } = house.config;
  await house.close();
  house.config.WINDOW_ROWS = 500;
  await house.open();
  // The bad row near its end is not to be stored before the services are told to stop: so far they come, and no farther.
  const rows = Array.from({ length: ROWS }, (_, at) =>
    transactionRow({
      account: String(700_000_000_000 + (at % 600)),
      ...(at === ROWS - 10_000 && { amount: 'x' }),
    }),
  );
  const path = join(IMPORTS_DIR, name);
  await writeFile(path, transactionsFile(rows));
  const findLeft = async (): Promise<{ no: number; loaded: number } | undefined> =>
    (
      await database.query<{ no: number; loaded: number }>(
        'select no, chunks_loaded as loaded from imports where file_name = $1',
        [name],
      )
    ).rows[0];
  const { importing, closing } = await database.withTransaction(async (trx) => {
    await trx.query('lock table import_exceptions in share mode');
    const importing = house
      .house()
      .chunker.importFile(path)
      .catch(() => null);
    await until('some of it is loaded', async () => ((await findLeft())?.loaded ?? 0) > 0);
    return { importing, closing: house.close() };
  });
  await Promise.all([importing, closing]);
  const { rows: left } = await database.query(
    `update imports set chunking = ${chunking} where file_name = $1 returning state`,
    [name],
  );
  expect(left).toEqual([{ state: expect.stringMatching('reading|chunked') }]);
  await house.open();
  house.house().chunker.watch();
  await until('it has a receipt', async () =>
    (await readdir(PROCESSED_DIR)).includes(`${name}.receipt.json`),
  );
  const receipt = JSON.parse(await readFile(join(PROCESSED_DIR, `${name}.receipt.json`), 'utf8')) as Receipt;
  expect(receipt).toMatchObject({
    rowsRead: ROWS,
    rowsPosted: ROWS - 1,
    rowsDuplicate: 0,
    rowsQuarantined: 1,
    amountPosted: `${ROWS - 1}.00`,
  });
  await until(
    'the drop is done',
    async () => (await listOpenDrops(database, (await findLeft())!.no)).length === 0,
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
  await until('the reports of the test before are written, too', async () => {
    const { rowCount } = await database.query(`select 1 from reports where state = 'due' limit 1`);
    return rowCount === 0;
  });
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
    const importing = house
      .house()
      .chunker.importFile(await write(house.config.IMPORTS_DIR, 'same.csv', text));
    await until('it is accepted', async () => {
      const { rowCount } = await database.query(`select from imports where file_name = 'same.csv'`);
      return rowCount === 1;
    });
    other.house().chunker.watch();
    await writeFile(join(other.config.IMPORTS_DIR, 'same.csv'), text);
    await importing;
    await until('both have a receipt', async () => {
      const names = [house, other].map(({ config }) => readdir(config.PROCESSED_DIR));
      return (await Promise.all(names)).every((folder) =>
        folder.some((name) => name.endsWith('.receipt.json')),
      );
    });
    for (const { config } of [house, other]) {
      // The copy is the last to go: before that, the receipt may have its temporary name as well.
      await until(
        'no copy is left',
        async () => (await readdir(join(config.IMPORTS_DIR, '.claimed'))).length === 0,
      );
      expect((await readdir(config.PROCESSED_DIR)).sort()).toEqual(['same.csv', 'same.csv.receipt.json']);
      expect(await readdir(config.IMPORTS_DIR)).toEqual(['.claimed']);
    }
  } finally {
    await other.remove();
  }
});

test('a chunker that was asleep for longer than its lease does not open a finished drop again', async () => {
  const path = await write(house.config.IMPORTS_DIR, 'slept.csv', transactionsFile([transactionRow()]));
  const { no, importNo } = await house.house().chunker.importFile(path);
  const token = randomUUID();
  await expect(reserveFinalName(database, no, token, 'slept-2.csv')).rejects.toThrow('lease');
  await expect(finishDrop(database, no, token)).rejects.toThrow('lease');
  const held = await takeLease(database, importNo);
  await expect(reserveFinalName(database, no, held!, 'slept-2.csv')).rejects.toThrow('lease');
  expect(await readDrop(database, no)).toMatchObject({ state: 'done', finalName: 'slept.csv' });
});

test('a file that another chunker has finished while this one copied it is no second drop', async () => {
  const text = transactionsFile(
    Array.from({ length: 20_000 }, () => transactionRow({ account: '700000001000' })),
  );
  const path = await write(house.config.IMPORTS_DIR, 'shared.csv', text);
  const other = await makeTestHouse(database, { beside: house });
  try {
    const both = [house, other].map((one) => one.house().chunker.importFile(path));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map((one) => one.status)).toContain('fulfilled');
    for (const one of outcomes)
      if (one.status === 'rejected') expect(String(one.reason)).toContain('taken away');
    expect((await readdir(house.config.PROCESSED_DIR)).sort()).toEqual([
      'shared.csv',
      'shared.csv.receipt.json',
    ]);
  } finally {
    await other.close();
  }
});

test('a named file that is gone before its import begins was taken away', async () => {
  const gone = join(house.config.IMPORTS_DIR, 'gone.csv');
  await expect(house.house().chunker.importFile(gone)).rejects.toThrow('gone.csv was changed or taken away');
});

test('a file that only its owner may read is read by nobody else afterwards', async () => {
  const path = await write(
    house.path,
    'private.csv',
    transactionsFile([transactionRow(), transactionRow({ amount: 'x' })]),
  );
  await chmod(path, 0o600);
  await house.house().chunker.importFile(path);
  const { PROCESSED_DIR, QUARANTINE_DIR, IMPORTS_DIR } = house.config;
  const modes = [
    join(PROCESSED_DIR, 'private.csv'),
    join(QUARANTINE_DIR, 'private.csv.rows.csv'),
    join(IMPORTS_DIR, '.claimed'),
  ];
  for (const one of modes) expect([one, (await stat(one)).mode & 0o077]).toEqual([one, 0]);
});

test('the reports of one import that cannot be written do not keep those of another waiting', async () => {
  const { REPORTS_DIR } = house.config;
  const text = transactionsFile([transactionRow()]);
  const id = makeImportId(createHash('sha256').update(text).digest('hex'), 'transactions', '');
  // Something else has the name of the folder.
  await writeFile(join(REPORTS_DIR, nameReportFolder('blocked.csv', id)), '');
  await house.house().chunker.importFile(await write(house.path, 'blocked.csv', text));
  await until('its failure is told', () => house.failures.length > 0);
  await house.importRows([transactionRow()], 'free.csv');
  expect(String(house.failures[0])).toContain('it is not a folder');
});

async function write(folder: string, name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}
