import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeZoneClock } from '@passbook/runtime';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { createClientWithAccount } from './create-client.js';
import { makePoster } from './make-poster.js';
import type { Movement, Operation, Poster } from './operation.js';
import { readAccount } from './read-account.js';
import { readTransfer } from './read-transfer.js';

const clock = makeZoneClock('UTC');
let database: TestDatabase;
let poster: Poster;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => {
  poster = makePoster(database, { clock });
});
afterEach(() => poster.stop());

async function makeWallet(balanceMinor = 0n): Promise<bigint> {
  const made = await createClientWithAccount(
    database,
    { name: 'Ann Lee', login: null, email: null },
    { currency: 'USD', minBalanceMinor: 0n, type: null },
  );
  if (made === 'LOGIN_TAKEN') throw new Error('It has no login.');
  if (balanceMinor > 0n) await poster.post(operation(deposit(made.account.id, balanceMinor)));
  return made.account.id;
}

const deposit = (toAccountId: bigint, amountMinor: bigint): Movement => ({
  kind: 'deposit',
  toAccountId,
  amountMinor,
  currency: 'USD',
});

function operation(movement: Movement, more: Partial<Operation> = {}): Operation {
  return {
    ...movement,
    caller: 'tests',
    key: randomUUID(),
    requestHash: Buffer.from('a hash'),
    transferId: randomUUID(),
    occurredAt: null,
    refusalsKept: 'all',
    ...more,
  } as Operation;
}

describe('an operation', () => {
  test('is applied once, and its key gives the first answer for ever', async () => {
    const id = await makeWallet();
    const asked = operation(deposit(id, 500n));
    const first = await poster.post(asked);
    expect(first).toEqual({
      status: 'posted',
      transfer: {
        id: asked.transferId,
        kind: 'deposit',
        fromAccountId: null,
        toAccountId: id,
        amountMinor: 500n,
        currency: 'USD',
        occurredAt: expect.any(String),
        postedAt: expect.any(String),
        fromBalanceMinor: null,
        toBalanceMinor: 500n,
        reverses: null,
      },
    });
    await poster.post(operation(deposit(id, 1n)));
    expect(await poster.post({ ...asked, transferId: randomUUID() })).toEqual({
      ...first,
      status: 'replayed',
    });
    expect((await readAccount(database, id))?.balanceMinor).toBe(501n);
    expect(await readTransfer(database, asked.transferId)).toMatchObject({
      amountMinor: 500n,
      reversedBy: null,
    });
  });
});
