import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Outcome } from '@passbook/ledger';
import { countLockWaits, until, type TestDatabase } from '@passbook/testing';
import {
  countOutcomes,
  deposit,
  makeTestLedger,
  transfer,
  withdrawal,
  useTestLedger,
  type TestLedger,
} from './make-test-ledger.js';

let database: TestDatabase;
let ledger: TestLedger;
// As three processes behind a load balancer.
useTestLedger(
  (made) => {
    ({ database, ledger } = made);
  },
  { posters: 3 },
);

const times = <T>(count: number, make: (no: number) => T): T[] =>
  Array.from({ length: count }, (_, no) => make(no));

test('200 transfers there and back at once all pass, and the sum stays', async () => {
  const [one, other] = [await ledger.openWallet(20_000n), await ledger.openWallet(20_000n)];
  const outcomes = await Promise.all(
    times(200, (no) => ledger.post(no % 2 ? transfer(one, other, 100n) : transfer(other, one, 100n))),
  );
  expect(countOutcomes(outcomes)).toEqual({ posted: 200 });
  expect([await ledger.balanceOf(one), await ledger.balanceOf(other)]).toEqual([20_000n, 20_000n]);
});

test('1,000 repeats of one key at once are one transfer', async () => {
  const id = await ledger.openWallet();
  const key = randomUUID();
  const transferId = randomUUID();
  const outcomes = await Promise.all(times(1000, () => ledger.post(deposit(id, 5n), { key, transferId })));
  const { posted, ...others } = countOutcomes(outcomes);
  expect(posted).toBe(1);
  expect(Object.keys(others).filter((name) => name !== 'replayed' && name !== 'in flight')).toEqual([]);
  expect(await ledger.balanceOf(id)).toBe(5n);
});

test('of 100 withdrawals at once from a wallet that affords ten, ten succeed', async () => {
  const id = await ledger.openWallet(1_000n);
  const outcomes = await Promise.all(times(100, () => ledger.post(withdrawal(id, 100n))));
  expect(countOutcomes(outcomes)).toEqual({ posted: 10, INSUFFICIENT_FUNDS: 90 });
  expect(await ledger.balanceOf(id)).toBe(0n);
});

test('one id for two transfers at once, by different keys on different accounts, is taken by one', async () => {
  for (let round = 0; round < 5; round++) {
    const accounts = await Promise.all(times(6, () => ledger.openWallet()));
    const transferId = randomUUID();
    const outcomes = await Promise.all(accounts.map((id) => ledger.post(deposit(id, 5n), { transferId })));
    expect(countOutcomes(outcomes)).toEqual({ posted: 1, ID_TAKEN: 5 });
  }
});

test('a key that another process is at work on is told at once, while that one waits for a lock', async () => {
  const id = await ledger.openWallet();
  const key = randomUUID();
  const answered: Outcome[] = [];
  const asked = await database.withTransaction(async (trx) => {
    await trx.query('select from accounts where id = $1 for update', [id]);
    const outcomes = times(3, async () => void answered.push(await ledger.post(deposit(id, 5n), { key })));
    await until('the two that are late for the key are answered', () => answered.length === 2);
    return outcomes;
  });
  await Promise.all(asked);
  expect(answered).toMatchObject([{ status: 'in flight' }, { status: 'in flight' }, { status: 'posted' }]);
});

test('whoever waits for a locked account holds up nobody else, and nobody overtakes on it', async () => {
  const open = (): Promise<bigint> => ledger.openWallet(100n);
  const [locked, one, other, another] = [await open(), await open(), await open(), await open()];
  const [far, farther] = [await open(), await open()];
  const own = makeTestLedger(database);
  const answered: string[] = [];
  const post = (name: string, from: bigint, to: bigint): Promise<void> =>
    own.post(transfer(from, to, 1n)).then(({ status }) => void answered.push(`${name} ${status}`));
  const posts: Promise<void>[] = [];
  await database.withTransaction(async (trx) => {
    await trx.query('select from accounts where id = $1 for update', [locked]);
    posts.push(post('first', locked, one));
    await until('the first waits for the lock', async () => (await countLockWaits(database)) === 1);
    posts.push(post('second', other, locked), post('third', other, another));
    posts.push(post('free', far, farther));
    await until('the free one is answered', () => answered.length > 0);
    expect([answered, await countLockWaits(database)]).toEqual([['free posted'], 1]);
  });
  await Promise.all(posts);
  expect([...answered].sort()).toEqual(['first posted', 'free posted', 'second posted', 'third posted']);
  await own.stop();
});
