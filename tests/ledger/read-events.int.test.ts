import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { toCloudEvent, type LedgerEvent } from '@passbook/contracts';
import type { Transaction } from '@passbook/database';
import { makeEventReader, writeEvent } from '@passbook/ledger';
import { makeRandom, until, type TestDatabase } from '@passbook/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {
  deposit,
  reversal,
  transfer,
  withdrawal,
  useTestLedger,
  type TestLedger,
} from './make-test-ledger.js';

let database: TestDatabase;
let ledger: TestLedger;
useTestLedger(
  (made) => {
    ({ database, ledger } = made);
  },
  { posters: 3 },
);

/** The last event there is. */
let before: bigint;
beforeEach(async () => {
  const { rows } = await database.query<{ id: bigint }>('select coalesce(max(id), 0) as id from events');
  before = rows[0]!.id;
});

const money = { transferId: '0b7f7f2e-53f5-4f7f-9a0c-3c1f2b1f5f10', balance: '1.00', currency: 'USD' };
const write = (trx: Transaction): Promise<void> =>
  writeEvent(trx, { type: 'money_available', accountId: 1n, data: money });

/** A transaction that stays open until it is told to end. */
async function openTransaction(work: (trx: Transaction) => Promise<unknown>): Promise<{
  commit(): Promise<void>;
  rollBack(): Promise<void>;
}> {
  let end: (isKept: boolean) => void = () => {};
  const ended = new Promise<boolean>((resolve) => (end = resolve));
  let done: Promise<unknown> | undefined;
  await new Promise<void>((resolve, reject) => {
    done = database
      .withTransaction(async (trx) => {
        await work(trx);
        resolve();
        if (!(await ended)) throw new Error('rolled back');
      })
      .catch(reject);
  });
  return {
    async commit() {
      end(true);
      await done;
    },
    async rollBack() {
      end(false);
      await done;
    },
  };
}

const ids = (events: readonly LedgerEvent[]): bigint[] => events.map(({ id }) => id - before);

describe('a reader of events', () => {
  test('skips none whose transaction took its id first and commits last', async () => {
    const reader = makeEventReader(database);
    const first = await openTransaction(write);
    await database.withTransaction(write);
    expect(ids(await reader.read(before, 10))).toEqual([]);
    expect(reader.heldBackMs()).toBeGreaterThan(0);
    await first.commit();
    expect(ids(await reader.read(before, 10))).toEqual([1n, 2n]);
    expect(reader.heldBackMs()).toBe(0);
  });

  test('reads what is settled while a later transaction has not ended', async () => {
    const reader = makeEventReader(database);
    await database.withTransaction(write);
    expect(ids(await reader.read(before, 10))).toEqual([1n]);
    const second = await openTransaction(write);
    await database.withTransaction(write);
    expect(ids(await reader.read(before, 10))).toEqual([1n]);
    await second.commit();
    expect(ids(await reader.read(before + 1n, 10))).toEqual([2n, 3n]);
  });

  test('goes past ids whose transaction was rolled back', async () => {
    const reader = makeEventReader(database);
    const first = await openTransaction(write);
    await database.withTransaction(write);
    await first.rollBack();
    expect(ids(await reader.read(before, 10))).toEqual([2n]);
  });

  test('is not held up by a transaction that runs for long and writes no events', async () => {
    const reader = makeEventReader(database);
    const import_ = await openTransaction((trx) => trx.query('create table large (id integer)'));
    await database.withTransaction(write);
    expect(ids(await reader.read(before, 10))).toEqual([1n]);
    await import_.rollBack();
  });

  test('gives no more than it is asked for, and goes on from there', async () => {
    const reader = makeEventReader(database);
    for (let count = 0; count < 3; count++) await database.withTransaction(write);
    expect(ids(await reader.read(before, 2))).toEqual([1n, 2n]);
    expect(ids(await reader.read(before + 2n, 2))).toEqual([3n]);
    expect(ids(await reader.read(before + 3n, 2))).toEqual([]);
  });

  test('goes on when ids went back, for another copy of the database took its place', async () => {
    const reader = makeEventReader(database);
    await database.withTransaction(write);
    await reader.read(before, 10);
    await database.query('delete from events where id > $1', [before]);
    await database.query(`select setval('events_id_seq', $1)`, [before]);
    const first = await openTransaction(write);
    expect(ids(await reader.read(before, 10))).toEqual([]);
    await first.commit();
    expect(await reader.read(before, 10)).toHaveLength(1);
  });

  test('that follows while many write gets every event, in one order that is the same for all', async () => {
    const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31);
    process.stderr.write(`readers of events: TEST_SEED=${seed}\n`);
    const { between, choose } = makeRandom(seed);
    const wallets = await Promise.all(Array.from({ length: 8 }, () => ledger.openWallet(1000n)));
    let isWritten = false;
    const follow = async (): Promise<bigint[]> => {
      const reader = makeEventReader(database);
      const seen: bigint[] = [];
      for (let after = before; ;) {
        const isLast = isWritten;
        const events = await reader.read(after, 50);
        seen.push(...events.map(({ id }) => id));
        after = seen.at(-1) ?? before;
        if (isLast && events.length === 0) return seen;
      }
    };
    const readers = [follow(), follow(), follow()];
    const pick = (): bigint => choose(wallets);
    for (let round = 0; round < 20; round++) {
      const moves = Array.from({ length: 25 }, () =>
        ledger.post(transfer(pick(), pick(), BigInt(between(1, 50)))),
      );
      // Beside the posters, transactions of every length that may come to nothing.
      const others = Array.from({ length: 4 }, () =>
        database
          .withTransaction(async (trx) => {
            await write(trx);
            await trx.query('select pg_sleep($1)', [between(0, 20) / 1000]);
            if (between(0, 3) === 0) throw new Error('rolled back');
          })
          .catch(() => {}),
      );
      await Promise.all([...moves, ...others]);
    }
    isWritten = true;
    const seen = await Promise.all(readers);
    const { rows } = await database.query<{ id: bigint }>('select id from events where id > $1 order by id', [
      before,
    ]);
    expect(rows.length).toBeGreaterThan(500);
    for (const one of seen) expect(one).toEqual(rows.map(({ id }) => id));
  });
});

test('every event that the ledger writes fits its schema, and says nothing beyond it', async () => {
  const [one, other] = [await ledger.openWallet(), await ledger.openWallet()];
  const yen = await ledger.openWallet(0n, { currency: 'JPY' });
  for (const movement of [
    deposit(one, 500n),
    transfer(one, other, 500n),
    withdrawal(other, 200n),
    deposit(yen, 7n, 'JPY'),
  ])
    await ledger.post(movement);
  const posted = await ledger.post(deposit(one, 1n));
  await ledger.post(reversal('transfer' in posted ? posted.transfer.id : ''));
  const events = await until('the events are settled', async () => {
    const read = await makeEventReader(database).read(before, 500);
    return read.length > 0 && read;
  });
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  const types = new Set<string>();
  for (const event of events) {
    const schema = readSchema(event.type);
    const told = JSON.parse(
      JSON.stringify(toCloudEvent(event, '7f3c1a52-0c1b-4a49-9a3e-5f0d2f6f8c21')),
    ) as object;
    expect([told, ajv.validate(schema, told), ajv.errors]).toEqual([told, true, null]);
    expect(Object.keys(event.data).sort()).toEqual(Object.keys(schema.properties.data.properties).sort());
    ajv.removeSchema();
    types.add(event.type);
  }
  expect([...types].sort()).toEqual(['money_available', 'money_exhausted', 'transfer_posted']);
});

function readSchema(type: string): { properties: { data: { properties: object } } } {
  const file = new URL(`../../packages/contracts/schemas/${type}.v1.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof readSchema>;
}
