import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  makeRandom,
  makeTestDatabase,
  newAccountNumber,
  transactionRow,
  type TestDatabase,
} from '@passbook/testing';
import { makeTestHouse, type TestHouse } from '../house/make-test-house.js';
import {
  countOutcomes,
  deposit,
  findUnsound,
  makeTestLedger,
  transfer,
  withdrawal,
  type TestLedger,
} from './make-test-ledger.js';

const SEED = 1_789;
let database: TestDatabase;
let house: TestHouse;
let ledger: TestLedger;
beforeAll(async () => {
  database = await makeTestDatabase();
  ledger = makeTestLedger(database, { posters: 2 });
});
beforeEach(async () => {
  house = await makeTestHouse(database, { settings: { WINDOW_ROWS: 200 } });
});
afterEach(async () => {
  await house.remove();
  expect(await findUnsound(database)).toEqual([]);
});
afterAll(async () => {
  await ledger.stop();
  await database.drop();
});

async function findAccount(number: string): Promise<bigint> {
  const { rows } = await database.query<{ id: bigint }>('select id from accounts where number_last4 = $1', [
    number.slice(-4),
  ]);
  return rows[0]!.id;
}

test(`files and transfers on the same accounts at once: no deadlock, and both post all (seed ${SEED})`, async () => {
  const random = makeRandom(SEED);
  const numbers = Array.from({ length: 20 }, newAccountNumber);
  await house.importRows(numbers.map((account) => transactionRow({ account })));
  const accounts = await Promise.all(numbers.map(findAccount));
  const rows = Array.from({ length: 3_000 }, () =>
    transactionRow({ account: random.choose(numbers), amount: String(random.between(-99, 99)) }),
  );
  let isImporting = true;
  const imported = house.importRows(rows).finally(() => (isImporting = false));
  const moved: Record<string, number>[] = [];
  while (isImporting) {
    const group = Array.from({ length: 50 }, () => {
      const [one, other] = random.shuffle(accounts);
      return ledger.post(transfer(one!, other!, BigInt(random.between(1, 99))));
    });
    moved.push(countOutcomes(await Promise.all(group)));
  }
  expect((await imported).receipt.rowsPosted).toBe(3_000);
  expect(house.failures).toEqual([]);
  expect(moved.filter((counts) => counts['posted'] !== 50)).toEqual([]);
  expect(moved.length).toBeGreaterThan(1);
  const { rows: found } = await database.query<{ deadlocks: bigint }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  expect(found[0]!.deadlocks).toBe(0n);
});

test('an id that a file has used on an account is taken, and a row that repeats a transfer is a duplicate', async () => {
  const account = newAccountNumber();
  const id = randomUUID();
  await house.importRows([transactionRow({ account, id })]);
  const accountId = await findAccount(account);
  expect(await ledger.post(withdrawal(accountId, 1n), { transferId: id })).toEqual({
    ...{ status: 'refused', reason: 'ID_TAKEN', accountId },
  });
  const [same, other] = [randomUUID(), randomUUID()];
  for (const transferId of [same, other])
    await ledger.post(deposit(accountId, 500n), { transferId, occurredAt: '2021-03-01T12:00:00Z' });
  const again = { account, time: '2021-03-01 12:00:00' };
  const { receipt } = await house.importRows([
    transactionRow({ ...again, id: same, amount: '5.00' }),
    transactionRow({ ...again, id: other, amount: '6.00' }),
  ]);
  expect(receipt).toMatchObject({ rowsPosted: 0, rowsDuplicate: 1, rowsQuarantined: 1 });
});

test('a statement opens with what programs have moved before it', async () => {
  const account = newAccountNumber();
  await house.importRows([transactionRow({ account, amount: '10.00' })]);
  await ledger.post(deposit(await findAccount(account), 250n));
  const { statements } = await house.importRows([transactionRow({ account, amount: '-1.00' })]);
  expect(statements[0]).toMatchObject({
    openingBalance: '12.50',
    totalDebits: '-1.00',
    closingBalance: '11.50',
  });
  expect(statements[0]!.transactions).toHaveLength(1);
});
