import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReceivedMessage } from '@passbook/contracts';
import { makeFeeds, type Feed } from '@passbook/feeds';
import { readImport } from '@passbook/imports';
import { makeLogger } from '@passbook/runtime';
import {
  beginImport,
  makeTestDatabase,
  newAccountNumber,
  sendManifest,
  transactionRow,
  transactionsFile,
  type BegunImport,
  type TestDatabase,
} from '@passbook/testing';
import { generateTransactions } from '../../../scripts/generate-transactions.mjs';
import { loadBatch } from './load-batch.js';
import { sortMessages } from './sort-messages.js';

const log = makeLogger('silent');
const secrets = { accountNumberKey: 'a key that only these tests have' };
const feed = makeFeeds(secrets)[0]!;

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const row = (account: string, n: number, amount: string, time = '2021-01-31 10:00:00'): string =>
  transactionRow({ account, id: uuid(n), amount, time });
const begin = (rows: readonly string[]): Promise<BegunImport> =>
  beginImport(database, feed, transactionsFile(rows));

async function deliver(messages: readonly ReceivedMessage[]): Promise<number[]> {
  const parts = {
    database,
    feeds: new Map([[feed.name, feed]]),
    log,
    signal: new AbortController().signal,
  };
  return loadBatch(parts, await sortMessages(parts, messages));
}

/** All that loading writes, in an order that does not depend on ids. */
async function readLedger(on: TestDatabase, importNo: number): Promise<unknown> {
  const queries = [
    `select encode(number_hash, 'hex') as hash, t.id::text, occurred_at, amount_minor::text, line::text from transactions t
       join accounts a on a.id = t.account_id where import_no = $1 order by 1, 2`,
    `select encode(number_hash, 'hex') as hash, balance_minor::text from accounts a
       where id in (select account_id from import_accounts where import_no = $1) order by 1`,
    `select encode(number_hash, 'hex') as hash, month::text, credit_count, credit_sum_minor::text, debit_count, debit_sum_minor::text
       from account_months m join accounts a on a.id = m.account_id
       where a.id in (select account_id from import_accounts where import_no = $1) order by 1, 2`,
    `select encode(number_hash, 'hex') as hash, rows_posted, credit_count, credit_sum_minor::text, debit_count, debit_sum_minor::text
       from import_accounts i join accounts a on a.id = i.account_id where import_no = $1 order by 1`,
    `select line::text, status, faults from import_exceptions where import_no = $1 order by 1`,
    `select state, chunks_sent, chunks_loaded, rows_read::text, rows_posted::text, rows_duplicate::text, rows_conflict::text,
       contradictions::text from imports where no = $1`,
  ];
  const answers = [];
  for (const sql of queries) answers.push((await on.query(sql, [importNo])).rows);
  return answers;
}

const count = async (sql: string, ...parameters: unknown[]): Promise<number> =>
  Number((await database.query<{ count: bigint }>(sql, parameters)).rows[0]!.count);

test('the direct and the staged way post the same', async () => {
  const text = [...generateTransactions({ accounts: 40, operations: 60, seed: 11 })].join('');
  const other = await makeTestDatabase();
  try {
    const direct = await beginImport(database, feed, text);
    await sendManifest(database, feed, direct);
    expect(await deliver(direct.messages)).toEqual([direct.one.no]);

    const staged = await beginImport(other, feed, text);
    await sendManifest(other, feed, staged);
    const never = Object.assign(new Error('Pretend that an id is taken.'), {
      severity: 'ERROR',
      code: '23505',
      constraint: 'transactions_pkey',
    });
    // A feed of its own: what one knows of accounts is of one database.
    const own = makeFeeds(secrets)[0]!;
    const stagedOnly: Feed = {
      ...own,
      load: (trx, chunks, way) => (way === 'direct' ? Promise.reject(never) : own.load(trx, chunks, way)),
    };
    const parts = {
      database: other,
      feeds: new Map([[feed.name, stagedOnly]]),
      log,
      signal: new AbortController().signal,
    };
    expect(await loadBatch(parts, await sortMessages(parts, staged.messages))).toEqual([staged.one.no]);

    const [one, two] = [await readLedger(database, direct.one.no), await readLedger(other, staged.one.no)];
    expect((one as unknown[][])[0]).toHaveLength(2400);
    expect(two).toEqual(one);
  } finally {
    await other.drop();
  }
});

test('posts a redelivered chunk once, in the same batch and in a later one', async () => {
  const number = newAccountNumber();
  const begun = await begin([row(number, 1, '10.00'), row(number, 2, '-4.00')]);
  await deliver([...begun.messages, ...begun.messages]);
  await deliver(begun.messages);
  await sendManifest(database, feed, begun);
  await deliver(begun.messages);
  const one = await readImport(database, begun.one.no);
  expect(one).toMatchObject({ state: 'loaded', chunksLoaded: 1 });
  expect(await count('select count(*) from transactions where import_no = $1', one.no)).toBe(2);
  expect(
    await count(`select balance_minor as count from accounts where number_last4 = $1`, number.slice(-4)),
  ).toBe(600);
});

test('two processors with all chunks of an import post each once, and complete it once', async () => {
  const text = [...generateTransactions({ accounts: 30, operations: 40, seed: 12 })].join('');
  const begun = await beginImport(database, feed, text);
  expect(begun.messages.length).toBeGreaterThan(10);
  const half = Math.floor(begun.messages.length / 2);
  const shuffled = [...begun.messages.slice(half), ...begun.messages.slice(0, half)];
  const completed = await Promise.all([
    deliver(begun.messages),
    deliver(shuffled),
    sendManifest(database, feed, begun),
  ]);
  expect([...completed[0], ...completed[1]].length).toBeLessThanOrEqual(1);
  expect(await readImport(database, begun.one.no)).toMatchObject({
    state: 'loaded',
    chunksLoaded: begun.messages.length,
  });
  expect(await count('select count(*) from transactions where import_no = $1', begun.one.no)).toBe(1200);
  expect(await count('select count(*) from reports where import_no = $1', begun.one.no)).toBe(31);
});

describe('an id that the account has already', () => {
  test('with the same time and amount is a duplicate, with others a CONFLICT, in one file', async () => {
    const number = newAccountNumber();
    const begun = await begin([
      row(number, 1, '1.00'),
      row(number, 1, '1.0'),
      row(number, 1, '2.00'),
      row(number, 1, '1.00', '2021-02-01 00:00:00'),
      row(number, 2, '5.00'),
    ]);
    await sendManifest(database, feed, begun);
    await deliver(begun.messages);
    const { rows } = await database.query<{ line: bigint; status: string; code: string }>(
      `select line, status, faults->0->>'code' as code from import_exceptions where import_no = $1 order by line`,
      [begun.one.no],
    );
    expect(rows).toEqual([
      { line: 3n, status: 'duplicate', code: 'DUPLICATE' },
      { line: 4n, status: 'quarantined', code: 'CONFLICT' },
      { line: 5n, status: 'quarantined', code: 'CONFLICT' },
    ]);
    expect((await readImport(database, begun.one.no)).state).toBe('loaded');
    expect(
      await count(`select balance_minor as count from accounts where number_last4 = $1`, number.slice(-4)),
    ).toBe(600);
  });

  test('of an earlier import leaves that row as it was', async () => {
    const number = newAccountNumber();
    const first = await begin([row(number, 1, '1.00')]);
    await deliver(first.messages);
    const second = await begin([row(number, 1, '1.00'), row(number, 2, '3.00')]);
    await sendManifest(database, feed, second);
    await deliver(second.messages);
    expect(await readLedger(database, second.one.no)).toEqual([
      [expect.objectContaining({ id: uuid(2), amount_minor: '300' })],
      [expect.objectContaining({ balance_minor: '400' })],
      [expect.objectContaining({ month: '2021-01-01', credit_count: 2, credit_sum_minor: '400' })],
      [expect.objectContaining({ rows_posted: 1, credit_sum_minor: '300' })],
      [
        {
          line: '2',
          status: 'duplicate',
          faults: [
            {
              column: 'operation_id',
              code: 'DUPLICATE',
              message: `The row repeats line 2 of import ${first.one.id}.`,
              first: { importId: first.one.id, line: 2 },
            },
          ],
        },
      ],
      [
        {
          state: 'loaded',
          chunks_sent: 1,
          chunks_loaded: 1,
          rows_read: '2',
          rows_posted: '1',
          rows_duplicate: '1',
          rows_conflict: '0',
          contradictions: '0',
        },
      ],
    ]);
  });

  test('is another transaction under another account', async () => {
    const begun = await begin([row(newAccountNumber(), 1, '1.00'), row(newAccountNumber(), 1, '2.00')]);
    await deliver(begun.messages);
    expect(await count('select count(*) from transactions where import_no = $1', begun.one.no)).toBe(2);
  });
});

test('a chunk whose lines are posted already, by its own name, is refused and changes nothing', async () => {
  const number = newAccountNumber();
  const begun = await begin([row(number, 1, '1.00'), row(number, 2, '3.00')]);
  const [message] = begun.messages;
  const again = { ...message!, headers: { ...message!.headers, 'chunk-no': '2' } };
  await deliver([message!, again]);
  const { rows: buried } = await database.query<{ chunkNo: number; reason: string }>(
    'select chunk_no as "chunkNo", reason from dead_letters where import_no = $1',
    [begun.one.no],
  );
  expect(buried).toEqual([
    { chunkNo: 2, reason: expect.stringContaining('took 0 rows where the chunks hold 2') as unknown },
  ]);
  expect(
    await count(`select balance_minor as count from accounts where number_last4 = $1`, number.slice(-4)),
  ).toBe(400);
});

test('rows that contradict the known holder are posted, counted, and overwrite nothing', async () => {
  const number = newAccountNumber();
  await deliver((await begin([row(number, 1, '1.00')])).messages);
  const begun = await begin([row(number, 2, '1.00'), row(number, 3, '1.00').replace('Lee', 'Smith')]);
  await sendManifest(database, feed, begun);
  await deliver(begun.messages);
  expect(await count('select contradictions as count from imports where no = $1', begun.one.no)).toBe(1);
  expect(await count('select rows_posted as count from imports where no = $1', begun.one.no)).toBe(2);
  expect(
    await count(
      `select count(*) from clients c join accounts a on a.client_id = c.id where number_last4 = $1 and c.last_name = 'Lee'`,
      number.slice(-4),
    ),
  ).toBe(1);
});

test('an import that does not foot is stopped, never loaded', async () => {
  const begun = await begin([row(newAccountNumber(), 1, '1.00')]);
  expect(await deliver(begun.messages)).toEqual([]);
  expect(await sendManifest(database, feed, { ...begun, rowsRead: 2 })).toBe(false);
  const one = await readImport(database, begun.one.no);
  expect(one.state).toBe('stopped');
  expect(one.stoppedReason).toContain('does not foot');
  expect(await count('select count(*) from reports where import_no = $1', begun.one.no)).toBe(0);
});
