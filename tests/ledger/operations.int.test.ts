import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createAccount, createClient, createClientWithAccount, readTransfer } from '@passbook/ledger';
import type { TestDatabase } from '@passbook/testing';
import {
  deposit,
  makeOperation,
  reversal,
  transfer,
  withdrawal,
  useTestLedger,
  type TestLedger,
} from './make-test-ledger.js';

let database: TestDatabase;
let ledger: TestLedger;
useTestLedger((made) => {
  ({ database, ledger } = made);
});

const BIGINT_MAX = 2n ** 63n - 1n;

describe('an operation', () => {
  test('is applied once, and its key gives the first answer for ever', async () => {
    const id = await ledger.openWallet();
    const [poster] = ledger.posters;
    const asked = makeOperation(deposit(id, 500n));
    const first = await poster!.post(asked);
    expect(first).toEqual({
      status: 'posted',
      transfer: {
        ...{ id: asked.transferId, kind: 'deposit', fromAccountId: null, toAccountId: id },
        ...{
          amountMinor: 500n,
          currency: 'USD',
          fromBalanceMinor: null,
          toBalanceMinor: 500n,
          reverses: null,
        },
        occurredAt: expect.stringMatching(/^\d{4}-.*Z$/),
        postedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
    await ledger.post(deposit(id, 1n));
    expect(await poster!.post({ ...asked, transferId: randomUUID() })).toEqual({
      ...first,
      status: 'replayed',
    });
    expect(await ledger.balanceOf(id)).toBe(501n);
  });

  test('that is for now takes effect when it is posted, and not later', async () => {
    const id = await ledger.openWallet();
    const outcomes = await Promise.all([1n, 2n, 3n].map((amount) => ledger.post(deposit(id, amount))));
    for (const outcome of outcomes) {
      const transfer = 'transfer' in outcome ? outcome.transfer : null;
      expect(transfer).toMatchObject({ occurredAt: transfer!.postedAt });
    }
  });

  test('with a key that was used for something else changes nothing; the key of another caller is another', async () => {
    const id = await ledger.openWallet();
    const key = randomUUID();
    await ledger.post(deposit(id, 1n), { key });
    expect(await ledger.post(deposit(id, 2n), { key })).toEqual({ status: 'key reused' });
    expect(await ledger.post(deposit(id, 4n), { key, caller: 'somebody else' })).toMatchObject({
      status: 'posted',
    });
    expect(await ledger.balanceOf(id)).toBe(5n);
  });

  test('whose refusal is kept is refused for ever; one for lack of money that is not kept passes when there is money', async () => {
    const id = await ledger.openWallet(10n);
    const kept = makeOperation(withdrawal(id, 11n));
    const forgotten = makeOperation(withdrawal(id, 11n), { refusalsKept: 'all but for lack of money' });
    const [poster] = ledger.posters;
    const refused = { status: 'refused', reason: 'INSUFFICIENT_FUNDS', accountId: id };
    expect(await poster!.post(kept)).toEqual(refused);
    expect(await poster!.post(forgotten)).toEqual(refused);
    await ledger.post(deposit(id, 90n));
    expect(await poster!.post(kept)).toEqual({ ...refused, status: 'refusal replayed' });
    expect(await poster!.post({ ...kept, requestHash: Buffer.from('other') })).toEqual({
      status: 'key reused',
    });
    expect(await poster!.post(forgotten)).toMatchObject({
      status: 'posted',
      transfer: { fromBalanceMinor: 89n },
    });
  });

  test('is decided on the balances that those before it in the group leave', async () => {
    const [one, other] = [await ledger.openWallet(), await ledger.openWallet()];
    const outcomes = await Promise.all([
      ledger.post(withdrawal(one, 1n)),
      ledger.post(deposit(one, 10n)),
      ledger.post(transfer(one, other, 7n)),
      ledger.post(transfer(one, other, 7n)),
      ledger.post(transfer(other, one, 2n)),
      ledger.post(withdrawal(one, 5n)),
    ]);
    expect(
      outcomes.map((outcome) => (outcome.status === 'refused' ? outcome.reason : outcome.status)),
    ).toEqual([...['INSUFFICIENT_FUNDS', 'posted', 'posted', 'INSUFFICIENT_FUNDS', 'posted', 'posted']]);
    const { rows } = await database.query<{ type: string }>(
      'select type from events where account_id = $1 order by id',
      [one],
    );
    expect(rows.map((row) => row.type)).toEqual([
      ...['transfer_posted', 'money_available', 'transfer_posted', 'transfer_posted'],
      ...['transfer_posted', 'money_exhausted'],
    ]);
  });

  test('that errs alone fails alone', async () => {
    const id = await ledger.openWallet();
    const [good, bad, alsoGood] = await Promise.allSettled([
      ledger.post(deposit(id, 1n)),
      ledger.post(deposit(id, 2n), { transferId: 'no uuid' }),
      ledger.post(deposit(id, 4n)),
    ]);
    expect([good, alsoGood]).toMatchObject([
      { value: { status: 'posted' } },
      { value: { status: 'posted' } },
    ]);
    expect(bad.status).toBe('rejected');
    expect(await ledger.balanceOf(id)).toBe(5n);
  });
});

describe('a refusal', () => {
  test('names its reason and the account that it is about', async () => {
    const [wallet, yen] = [await ledger.openWallet(100n), await ledger.openWallet(0n, { currency: 'JPY' })];
    const taken = randomUUID();
    await ledger.post(deposit(wallet, 1n), { transferId: taken });
    const cases = [
      [transfer(wallet, 999_999n, 1n), 'ACCOUNT_UNKNOWN', 999_999n],
      [transfer(999_999n, wallet, 1n), 'ACCOUNT_UNKNOWN', 999_999n],
      [deposit(2n ** 70n, 1n), 'ACCOUNT_UNKNOWN', 2n ** 70n],
      [deposit(-1n, 1n), 'ACCOUNT_UNKNOWN', -1n],
      [transfer(wallet, wallet, 1n), 'ACCOUNTS_MUST_DIFFER', null],
      [transfer(wallet, yen, 1n), 'CURRENCY_MISMATCH', yen],
      [withdrawal(wallet, 102n), 'INSUFFICIENT_FUNDS', wallet],
      [deposit(wallet, BIGINT_MAX), 'BALANCE_OUT_OF_RANGE', wallet],
      [reversal(randomUUID()), 'TRANSFER_UNKNOWN', null],
    ] as const;
    for (const [movement, reason, accountId] of cases)
      expect(await ledger.post(movement)).toEqual({ status: 'refused', reason, accountId });
    expect(await ledger.post(deposit(yen, 1n, 'JPY'), { transferId: taken })).toMatchObject({
      reason: 'ID_TAKEN',
    });
  });

  test('is the answer to a sum of a month that would not fit 63 bits, and those beside it pass', async () => {
    const [id, other] = [await ledger.openWallet(), await ledger.openWallet()];
    await ledger.post(deposit(id, BIGINT_MAX));
    await ledger.post(withdrawal(id, BIGINT_MAX));
    const [tooMuch, beside] = await Promise.all([
      ledger.post(deposit(id, BIGINT_MAX)),
      ledger.post(deposit(other, 3n)),
    ]);
    expect(tooMuch).toMatchObject({ status: 'refused', reason: 'BALANCE_OUT_OF_RANGE' });
    expect(beside).toMatchObject({ status: 'posted' });
  });

  test('is the answer to an overdraft beyond 63 bits, where an account may be overdrawn', async () => {
    const id = await ledger.openWallet(0n, { minBalanceMinor: null });
    expect(await ledger.post(withdrawal(id, BIGINT_MAX))).toMatchObject({
      transfer: { fromBalanceMinor: -BIGINT_MAX },
    });
    const past = { occurredAt: '2001-01-01T00:00:00Z' };
    expect(await ledger.post(withdrawal(id, 1n), past)).toMatchObject({ reason: 'BALANCE_OUT_OF_RANGE' });
  });
});

describe('a reversal', () => {
  test('moves the same amount back, once, also when two come together', async () => {
    const [one, other] = [await ledger.openWallet(100n), await ledger.openWallet()];
    const transferId = randomUUID();
    await ledger.post(transfer(one, other, 60n), { transferId });
    const outcomes = await Promise.all([
      ledger.post(reversal(transferId)),
      ledger.post(reversal(transferId)),
    ]);
    expect(outcomes).toMatchObject([
      {
        status: 'posted',
        transfer: { fromAccountId: other, toAccountId: one, amountMinor: 60n, reverses: transferId },
      },
      { status: 'refused', reason: 'ALREADY_REVERSED' },
    ]);
    expect(await ledger.balanceOf(one)).toBe(100n);
    const reversedBy = outcomes[0].status === 'posted' ? outcomes[0].transfer.id : null;
    expect(await readTransfer(database, transferId)).toMatchObject({ reversedBy, amountMinor: 60n });
  });

  test('that would leave a wallet below zero is refused', async () => {
    const id = await ledger.openWallet();
    const transferId = randomUUID();
    await ledger.post(deposit(id, 60n), { transferId });
    await ledger.post(withdrawal(id, 1n));
    expect(await ledger.post(reversal(transferId))).toEqual({
      ...{ status: 'refused', reason: 'INSUFFICIENT_FUNDS', accountId: id },
    });
  });

  test('is the only way to correct a transfer: the database refuses to change one', async () => {
    await expect(database.query('update transfers set amount_minor = amount_minor + 1')).rejects.toThrow(
      'A transfer never changes',
    );
    await expect(database.query('delete from transfers')).rejects.toThrow('A transfer never changes');
  });
});

test('the database itself refuses a negative balance', async () => {
  const id = await ledger.openWallet(5n);
  await expect(database.query('update accounts set balance_minor = -1 where id = $1', [id])).rejects.toThrow(
    'balance_is_allowed',
  );
});

test('a login belongs to one client: for the second nothing is made', async () => {
  const client = { name: 'Ann Lee', login: 'ann', email: null };
  const wallet = { currency: 'USD', minBalanceMinor: 0n, type: null };
  const made = await createClientWithAccount(database, client, wallet);
  expect(made).toMatchObject({ client: { name: 'Ann Lee', login: 'ann' }, account: { balanceMinor: 0n } });
  const before = await database.query('select from accounts');
  expect(await createClientWithAccount(database, client, wallet)).toBe('LOGIN_TAKEN');
  expect(await createClient(database, client)).toBe('LOGIN_TAKEN');
  expect((await database.query('select from accounts')).rowCount).toBe(before.rowCount);
  expect(await createAccount(database, { ...wallet, clientId: 2n ** 64n })).toBe('CLIENT_UNKNOWN');
});
