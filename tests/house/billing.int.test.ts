import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { TestDatabase } from '@passbook/testing';
import { openOverdrawable, type TestApi, useTestApi } from './make-test-api.js';

/* The paths that billing came with, claim by claim. */

let database: TestDatabase;
let api: TestApi;
useTestApi((made) => void ({ database, api } = made));

interface Reply {
  status: number;
  text: string;
  body: Record<string, unknown>;
  isReplay: boolean;
}

async function post(path: string, body: object | string, key?: string): Promise<Reply> {
  const response = await fetch(api.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isReplay = response.headers.get('idempotent-replayed') === 'true';
  return { status: response.status, text, body: JSON.parse(text) as Reply['body'], isReplay };
}

async function makeWallet(amount = 0): Promise<number> {
  const { body } = await post('/clients', { name: 'Ann', login: randomUUID() });
  const walletId = body['walletId'] as number;
  if (amount > 0) await post('/resupplies', { walletId, amount });
  return walletId;
}

async function balanceOf(wallet: number): Promise<string> {
  const { body } = await api.get(`/v1/accounts/${wallet}/balance`);
  return body['balance'] as string;
}

describe('POST /clients', () => {
  test('adds a client and a wallet in one step', async () => {
    const { status, body } = await post('/clients', { name: 'Ann', login: 'ann' });
    expect([status, body]).toEqual([
      201,
      { login: 'ann', name: 'Ann', id: expect.any(Number), walletId: expect.any(Number) },
    ]);
    expect(await balanceOf(body['walletId'] as number)).toBe('0.00');
  });

  test('refuses a login that is there, and makes no wallet', async () => {
    const login = randomUUID();
    await post('/clients', { name: 'Ann', login });
    const count = async (): Promise<unknown> =>
      (await database.query('select count(*) from accounts')).rows[0];
    const before = await count();
    const again = await post('/clients', { name: 'Bob', login });
    expect([again.status, again.body]).toEqual([400, { detail: 'Client login already exists' }]);
    expect(await count()).toEqual(before);
  });

  test('of ten at once with one login adds one', async () => {
    const login = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => post('/clients', { name: 'Ann', login })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(400)]);
  });
});

describe('POST /resupplies', () => {
  test('puts money into a wallet; amounts and balances are numbers, exactly', async () => {
    const walletId = await makeWallet();
    const first = await post('/resupplies', `{"walletId": ${walletId}, "amount": 1001.0}`);
    expect([first.status, first.body]).toEqual([
      201,
      {
        walletId,
        amount: 1001,
        transactionNumber: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
        walletBalance: 1001,
      },
    ]);
    const second = await post('/resupplies', { walletId, amount: 500.5 });
    expect(second.body).toMatchObject({ amount: 500.5, walletBalance: 1501.5 });
  });

  test.each([
    ['0.1', '0.1'],
    ['1.10', '1.1'],
    ['1e3', '1000'],
    ['0.01', '0.01'],
    ['9999999999999.99', '9999999999999.99'],
  ])('reads %s from its text and writes it as %s', async (given, written) => {
    const walletId = await makeWallet();
    const { status, text } = await post('/resupplies', `{"walletId": ${walletId}, "amount": ${given}}`);
    expect([status, text]).toEqual([201, expect.stringContaining(`"amount":${written},`)]);
    expect(text).toContain(`"walletBalance":${written}}`);
  });

  test('writes a balance that is no float with all of its digits', async () => {
    const walletId = await makeWallet();
    for (let at = 0; at < 12; at++)
      await post('/resupplies', `{"walletId": ${walletId}, "amount": 9999999999999.99}`);
    const { text } = await post('/resupplies', `{"walletId": ${walletId}, "amount": 0.01}`);
    expect(text).toContain('"walletBalance":119999999999999.89}');
  });

  test('refuses a wallet that is not there', async () => {
    for (const walletId of ['999999', '0', '-1', '9223372036854775808', '99999999999999999999']) {
      const { status, body } = await post('/resupplies', `{"walletId": ${walletId}, "amount": 1}`);
      expect([status, body]).toEqual([400, { detail: `Wallet id ${walletId} not found` }]);
    }
  });
});

describe('POST /transfers', () => {
  test('moves money from one wallet to another', async () => {
    const [walletFromId, walletToId] = [await makeWallet(100), await makeWallet(0.5)];
    const { status, body } = await post('/transfers', { walletFromId, walletToId, amount: 99.5 });
    expect([status, body]).toEqual([
      201,
      {
        walletFromId,
        walletToId,
        amount: 99.5,
        transactionNumber: expect.any(String),
        walletFromBalance: 0.5,
        walletToBalance: 100,
      },
    ]);
  });

  test('refuses what a wallet has not got, and changes nothing', async () => {
    const [walletFromId, walletToId] = [await makeWallet(100), await makeWallet()];
    const { status, body } = await post('/transfers', { walletFromId, walletToId, amount: 100.01 });
    expect([status, body]).toEqual([
      400,
      { detail: `There are not enough balance in wallet id ${walletFromId}` },
    ]);
    expect([await balanceOf(walletFromId), await balanceOf(walletToId)]).toEqual(['100.00', '0.00']);
  });

  test('names the wallet that is not there', async () => {
    const wallet = await makeWallet(10);
    for (const [from, to] of [
      [wallet, 888_888],
      [888_888, wallet],
    ]) {
      const { status, body } = await post('/transfers', { walletFromId: from, walletToId: to, amount: 1 });
      expect([status, body]).toEqual([400, { detail: 'Wallet id 888888 not found' }]);
    }
  });

  test('takes no account for a wallet that may be overdrawn, as imported ones may', async () => {
    const [wallet, imported] = [await makeWallet(10), await openOverdrawable(database)];
    for (const [from, to] of [
      [imported, wallet],
      [wallet, imported],
    ]) {
      const { status, body } = await post('/transfers', { walletFromId: from, walletToId: to, amount: 1 });
      expect([status, body]).toEqual([400, { detail: `Wallet id ${imported} not found` }]);
    }
    expect([await balanceOf(wallet), await balanceOf(imported)]).toEqual(['10.00', '0.00']);
  });

  test('two ways at once come to an end, and no money is made or lost', async () => {
    const [a, b] = [await makeWallet(100), await makeWallet(100)];
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        post('/transfers', {
          walletFromId: at % 2 ? a : b,
          walletToId: at % 2 ? b : a,
          amount: 7.77,
        }),
      ),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect([await balanceOf(a), await balanceOf(b)]).toEqual(['100.00', '100.00']);
  });
});

describe('a body that is not valid is 422, with a list of its faults', () => {
  const wallets = '"walletFromId": 1, "walletToId": 2';
  test.each<[string, string, string]>([
    ['/resupplies', 'an id that is a truth value', '{"walletId": true, "amount": 1}'],
    ['/resupplies', 'an id that is a fraction', '{"walletId": 1.9, "amount": 1}'],
    ['/resupplies', 'an id that is a text', '{"walletId": "1", "amount": 1}'],
    ['/resupplies', 'no id', '{"amount": 1}'],
    ['/resupplies', 'null for an id', '{"walletId": null, "amount": 1}'],
    ['/resupplies', 'no amount', '{"walletId": 1}'],
    ['/resupplies', 'an amount of 0', '{"walletId": 1, "amount": 0}'],
    ['/resupplies', 'a negative amount', '{"walletId": 1, "amount": -5}'],
    ['/resupplies', 'three decimals', '{"walletId": 1, "amount": 1.001}'],
    ['/resupplies', 'three decimals by an exponent', '{"walletId": 1, "amount": 1e-3}'],
    ['/resupplies', 'an amount that is a text', '{"walletId": 1, "amount": "1"}'],
    ['/resupplies', 'an amount that is a truth value', '{"walletId": 1, "amount": true}'],
    ['/resupplies', '10,000 digits', `{"walletId": 1, "amount": 1${'0'.repeat(10_000)}}`],
    ['/resupplies', '10,000 decimals', `{"walletId": 1, "amount": 0.${'0'.repeat(10_000)}1}`],
    ['/resupplies', 'a huge exponent', '{"walletId": 1, "amount": 1e999999999}'],
    ['/resupplies', 'an underscore', '{"walletId": 1, "amount": 1_000}'],
    ['/resupplies', 'full-width digits', '{"walletId": 1, "amount": １}'],
    ['/resupplies', 'an id of 10,000 digits', `{"walletId": 1${'0'.repeat(10_000)}, "amount": 1}`],
    ['/resupplies', 'no object', '[]'],
    ['/resupplies', 'no JSON', '{'],
    ['/resupplies', 'nothing', ''],
    ['/resupplies', 'an amount twice', '{"walletId": 1, "amount": 1, "amount": 2}'],
    ['/transfers', 'both wallets the same', '{"walletFromId": 1, "walletToId": 1, "amount": 1}'],
    ['/transfers', 'both the same, one as 1.0', '{"walletFromId": 1, "walletToId": 1.0, "amount": 1}'],
    ['/transfers', 'an amount of 0', `{${wallets}, "amount": 0}`],
    ['/transfers', 'three decimals', `{${wallets}, "amount": 0.001}`],
    ['/transfers', 'an id that is a truth value', '{"walletFromId": true, "walletToId": 2, "amount": 1}'],
    ['/transfers', 'no wallet', '{"walletFromId": 1, "amount": 1}'],
    ['/clients', 'no login', '{"name": "Ann"}'],
    ['/clients', 'no name', '{"login": "a"}'],
    ['/clients', 'a name that is a number', '{"name": 5, "login": "a"}'],
    ['/clients', 'an empty name', '{"name": "", "login": "a"}'],
    ['/clients', 'NUL', '{"name": "A\\u0000", "login": "a"}'],
    ['/clients', 'half of a character', '{"name": "A", "login": "\\ud800"}'],
  ])('%s: %s', async (path, _name, body) => {
    const { status, body: answer } = await post(path, body);
    expect([status, Object.keys(answer)]).toEqual([422, ['detail']]);
    for (const fault of answer['detail'] as object[])
      expect(fault).toEqual({
        type: expect.any(String),
        loc: expect.arrayContaining(['body']),
        msg: expect.stringMatching(/\w/),
      });
    expect(answer['detail']).not.toHaveLength(0);
  });

  test('in another form than JSON is 415', async () => {
    const response = await fetch(`${api.url}/resupplies`, { method: 'POST', body: '{}' });
    expect([response.status, await response.json()]).toEqual([415, { detail: expect.any(String) }]);
  });
});

describe('an Idempotency-Key', () => {
  test('is answered as the first time, whatever was posted since', async () => {
    const [walletId, key] = [await makeWallet(), randomUUID()];
    const first = await post('/resupplies', { walletId, amount: 5 }, key);
    await post('/resupplies', { walletId, amount: 1 });
    const again = await post('/resupplies', { walletId, amount: 5 }, key);
    expect([first.isReplay, again.isReplay, again.status, again.body]).toEqual([
      false,
      true,
      201,
      first.body,
    ]);
    expect(await balanceOf(walletId)).toBe('6.00');
  });

  test('with another body or path is 422, and nothing is done', async () => {
    const [walletId, other, key] = [await makeWallet(), await makeWallet(), randomUUID()];
    await post('/resupplies', { walletId, amount: 5 }, key);
    expect((await post('/resupplies', { walletId, amount: 6 }, key)).status).toBe(422);
    const moved = await post('/transfers', { walletFromId: walletId, walletToId: other, amount: 5 }, key);
    expect(moved.status).toBe(422);
    expect(await balanceOf(walletId)).toBe('5.00');
  });

  test('keeps a refusal', async () => {
    const [from, to, key] = [await makeWallet(), await makeWallet(), randomUUID()];
    const asked = { walletFromId: from, walletToId: to, amount: 5 };
    const first = await post('/transfers', asked, key);
    await post('/resupplies', { walletId: from, amount: 50 });
    const again = await post('/transfers', asked, key);
    expect([first.status, again.status, again.body, again.isReplay]).toEqual([400, 400, first.body, true]);
    expect((await post('/transfers', asked)).status).toBe(201);
  });

  test('at once, many times, is posted once', async () => {
    const [walletId, key] = [await makeWallet(), randomUUID()];
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => post('/resupplies', { walletId, amount: 5 }, key)),
    );
    expect(replies.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(replies.filter(({ status, isReplay }) => status === 201 && !isReplay)).toHaveLength(1);
    expect(await balanceOf(walletId)).toBe('5.00');
  });
});

test('the database itself refuses a negative balance', async () => {
  const wallet = await makeWallet(1);
  await expect(
    database.query('update accounts set balance_minor = -1 where id = $1', [wallet]),
  ).rejects.toThrow('balance_is_allowed');
});
