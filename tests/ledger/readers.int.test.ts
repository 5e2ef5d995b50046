import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { LedgerEvent } from '@passbook/contracts';
import {
  createAccount,
  createClient,
  listAccounts,
  listClients,
  listTransactions,
  makeEventReader,
  readAccount,
  readBalance,
  readClient,
  readTransfer,
  type TransactionCursor,
} from '@passbook/ledger';
import { makeZoneClock } from '@passbook/runtime';
import type { TestDatabase } from '@passbook/testing';
import { deposit, useTestLedger, transfer, withdrawal, type TestLedger } from './make-test-ledger.js';

let database: TestDatabase;
let ledger: TestLedger;
useTestLedger((made) => {
  ({ database, ledger } = made);
});

test('pages of transactions have each once, newest first, also where many are of one moment', async () => {
  const id = await ledger.openWallet();
  const days = [3, 1, 2, 2, 2, 2, 1, 3, 2];
  const occurredAt = (day: number): string => `2021-01-0${day}T10:00:00.00000${day}Z`;
  for (const day of days) await ledger.post(deposit(id, BigInt(day)), { occurredAt: occurredAt(day) });
  const seen: [string, bigint][] = [];
  let after: TransactionCursor | null = null;
  for (;;) {
    const page = await listTransactions(database, id, { after, limit: 2 });
    if (page.length === 0) break;
    seen.push(...page.map((one): [string, bigint] => [one.id, one.amountMinor]));
    after = page.at(-1)!;
  }
  expect(new Set(seen.map(([one]) => one)).size).toBe(days.length);
  expect(seen.map(([, amount]) => Number(amount))).toEqual([...days].sort((a, b) => b - a));
});

test('clients and their accounts are listed by id, page by page', async () => {
  const made = await createClient(database, { name: 'Bo Ek', login: randomUUID(), email: 'bo@example.com' });
  if (made === 'LOGIN_TAKEN') throw new Error('Nobody else has it.');
  const account = { clientId: made.id, currency: 'EUR', minBalanceMinor: -5n, type: 'credit' };
  const accounts = [await createAccount(database, account), await createAccount(database, account)];
  expect(accounts[0]).toMatchObject({ ...account, balanceMinor: 0n, last4: null });
  const page = { clientId: made.id, afterId: null, limit: 10 };
  expect(await listAccounts(database, page)).toEqual(accounts);
  expect(await listAccounts(database, { ...page, limit: 1 })).toEqual([accounts[0]]);
  expect(await listClients(database, { afterId: made.id - 1n, limit: 1 })).toEqual([made]);
  expect(await readClient(database, made.id)).toEqual(made);
});

test('who asks for what cannot be is told that there is none', async () => {
  const clock = makeZoneClock('UTC');
  for (const id of [0n, -1n, 2n ** 63n, 2n ** 80n]) {
    expect(await readAccount(database, id)).toBeNull();
    expect(await readClient(database, id)).toBeNull();
    expect(await readBalance(database, id, null, clock)).toBeNull();
  }
  expect(await readTransfer(database, randomUUID())).toBeNull();
});

async function readEventsOf(...ids: bigint[]): Promise<Omit<LedgerEvent, 'id' | 'createdAt'>[]> {
  const events = await makeEventReader(database).read(0n, 100_000);
  const own = events.filter((event) => event.accountId !== null && ids.includes(event.accountId));
  return own.map(({ accountId, type, data }) => ({ accountId, type, data }));
}

test('events say what happened to an account, in decimal text, in the order in which it happened', async () => {
  const [one, other] = [await ledger.openWallet(), await ledger.openWallet(0n, { currency: 'USD' })];
  const occurredAt = '2021-01-31T10:00:00Z';
  const [paid, moved, spent] = [randomUUID(), randomUUID(), randomUUID()];
  await ledger.post(deposit(one, 1_050n), { occurredAt, transferId: paid });
  await ledger.post(transfer(one, other, 1_050n), { occurredAt, transferId: moved });
  await ledger.post(withdrawal(other, 5n), { occurredAt, transferId: spent });
  const told = await readEventsOf(one, other);
  const posted = (transferId: string, kind: string, amount: string, balance: string): object => ({
    type: 'transfer_posted',
    data: { ...{ transferId, kind, amount, balance, currency: 'USD', occurredAt }, reverses: null },
  });
  const money = (type: string, transferId: string, balance: string): object => ({
    ...{ type, data: { transferId, balance, currency: 'USD' } },
  });
  expect(told).toEqual([
    { accountId: one, ...posted(paid, 'deposit', '10.50', '10.50') },
    { accountId: one, ...money('money_available', paid, '10.50') },
    { accountId: one, ...posted(moved, 'transfer', '-10.50', '0.00') },
    { accountId: one, ...money('money_exhausted', moved, '0.00') },
    { accountId: other, ...posted(moved, 'transfer', '10.50', '10.50') },
    { accountId: other, ...money('money_available', moved, '10.50') },
    { accountId: other, ...posted(spent, 'withdrawal', '-0.05', '10.45') },
  ]);
});

test.each([
  ['JPY', '-7'],
  ['BHD', '-0.007'],
  ['CLF', '-0.0007'],
])('an event in %s has the decimals of the currency', async (currency, amount) => {
  const id = await ledger.openWallet(10n, { currency });
  await ledger.post(withdrawal(id, 7n, currency));
  expect((await readEventsOf(id)).at(-1)?.data).toMatchObject({ amount });
});
