import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { TestDatabase } from '@passbook/testing';
import { openOverdrawable, type TestApi, useTestApi } from './make-test-api.js';

/* The paths that balances came with, claim by claim. */

let database: TestDatabase;
let api: TestApi;
useTestApi((made) => void ({ database, api } = made));

type Body = Record<string, unknown>;

async function send(method: string, path: string, body: object | string): Promise<[number, Body]> {
  const response = await fetch(api.url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return [response.status, (await response.json()) as Body];
}

async function get(path: string): Promise<[number, Body]> {
  const { status, body } = await api.get(path);
  return [status, body];
}

async function makeUser(): Promise<number> {
  const [, body] = await send('POST', '/v1/user', { name: 'petya' });
  return body['id'] as number;
}

const transaction = (userId: number, more: object = {}): Body => ({
  uid: randomUUID(),
  type: 'DEPOSIT',
  amount: '100.0',
  user_id: userId,
  timestamp: '2023-01-04T00:00:00',
  ...more,
});

async function balanceOf(userId: number, date?: string): Promise<unknown> {
  const query = date === undefined ? '' : `?date=${date}`;
  const [status, body] = await get(`/v1/user/${userId}${query}`);
  expect(status).toBe(200);
  expect((await get(`/v1/user/${userId}/balance${query}`))[1]['balance']).toBe(body['balance']);
  return body['balance'];
}

test('POST /v1/user adds a user, who has nothing', async () => {
  const [status, body] = await send('POST', '/v1/user', { name: 'petya' });
  expect([status, body]).toEqual([201, { id: expect.any(Number), name: 'petya' }]);
  expect(body['id']).toBeGreaterThan(0);
  expect(await balanceOf(body['id'] as number)).toBe('0.00');
});

describe('/v1/transaction', () => {
  test.each(['POST', 'PUT'])('by %s is applied once, however often it is sent', async (method) => {
    const user = await makeUser();
    const sent = transaction(user);
    for (let at = 0; at < 3; at++) expect((await send(method, '/v1/transaction', sent))[0]).toBe(200);
    expect((await send('PUT', '/v1/transaction', sent))[0]).toBe(200);
    expect(await balanceOf(user)).toBe('100.00');
  });

  test('the same uid with another body is 422, and not applied', async () => {
    const [user, other] = [await makeUser(), await makeUser()];
    const sent = transaction(user);
    await send('POST', '/v1/transaction', sent);
    for (const change of [
      { amount: '100.01' },
      { type: 'WITHDRAW' },
      { user_id: other },
      { timestamp: '2023-01-04T00:00:01' },
    ])
      expect((await send('POST', '/v1/transaction', { ...sent, ...change }))[0]).toBe(422);
    expect([await balanceOf(user), await balanceOf(other)]).toEqual(['100.00', '0.00']);
  });

  test('the same amount, written otherwise, is the same body', async () => {
    const sent = transaction(await makeUser());
    await send('POST', '/v1/transaction', sent);
    const again = { ...sent, amount: '100.00', uid: String(sent['uid']).toUpperCase() };
    expect((await send('POST', '/v1/transaction', again))[0]).toBe(200);
  });

  test('without enough money now is 402, changes nothing, and may pass later under the same uid', async () => {
    const user = await makeUser();
    await send('POST', '/v1/transaction', transaction(user));
    const sent = transaction(user, { type: 'WITHDRAW', amount: '100.01' });
    for (let at = 0; at < 2; at++) expect((await send('POST', '/v1/transaction', sent))[0]).toBe(402);
    expect(await balanceOf(user)).toBe('100.00');
    expect((await get(`/v1/transaction/${String(sent['uid'])}`))[0]).toBe(404);
    await send('POST', '/v1/transaction', transaction(user, { amount: '0.01' }));
    expect((await send('POST', '/v1/transaction', sent))[0]).toBe(200);
    expect(await balanceOf(user)).toBe('0.00');
  });

  test('of five withdrawals of 700 at once from 1,500 two pass', async () => {
    const user = await makeUser();
    await send('POST', '/v1/transaction', transaction(user, { amount: '1500' }));
    const replies = await Promise.all(
      Array.from({ length: 5 }, () =>
        send('POST', '/v1/transaction', transaction(user, { type: 'WITHDRAW', amount: '700' })),
      ),
    );
    expect(replies.map(([status]) => status).sort()).toEqual([200, 200, 402, 402, 402]);
    expect(await balanceOf(user)).toBe('100.00');
  });

  test('the same uid, many times at once, is answered with 200 each time', async () => {
    const user = await makeUser();
    const sent = transaction(user);
    const replies = await Promise.all(
      Array.from({ length: 40 }, () => send('POST', '/v1/transaction', sent)),
    );
    expect(new Set(replies.map(([status]) => status))).toEqual(new Set([200]));
    expect(await balanceOf(user)).toBe('100.00');
  });

  test('can be read, by its uid', async () => {
    const user = await makeUser();
    const sent = transaction(user);
    await send('POST', '/v1/transaction', sent);
    expect(await get(`/v1/transaction/${String(sent['uid'])}`)).toEqual([200, { ...sent, amount: '100.00' }]);
  });

  test('of nobody is 404', async () => {
    for (const user of [999_999, 0, -1])
      expect((await send('POST', '/v1/transaction', transaction(user)))[0]).toBe(404);
    const large = JSON.stringify(transaction(7)).replace('"user_id":7', '"user_id":99999999999999999999');
    expect((await send('POST', '/v1/transaction', large))[0]).toBe(404);
  });

  test('of an account that may be overdrawn is 404: a balance of a user is never negative', async () => {
    const imported = await openOverdrawable(database);
    const withdrawal = transaction(imported, { type: 'WITHDRAW' });
    expect((await send('POST', '/v1/transaction', withdrawal))[0]).toBe(404);
    expect((await get(`/v1/user/${imported}/balance`))[0]).toBe(404);
  });

  test.each<[string, object]>([
    ['an amount of 0', { amount: '0' }],
    ['an amount of 0.00', { amount: '0.00' }],
    ['a negative amount', { amount: '-1' }],
    ['three decimals', { amount: '1.001' }],
    ['three decimals of 0', { amount: '1.000' }],
    ['another type', { type: 'TRANSFER' }],
    ['a type in small letters', { type: 'deposit' }],
    ['no uid', { uid: undefined }],
    ['a uid that is no UUID', { uid: 'abc' }],
    ['no amount', { amount: undefined }],
    ['no type', { type: undefined }],
    ['no user', { user_id: undefined }],
    ['no timestamp', { timestamp: undefined }],
    ['a user that is a text', { user_id: '1' }],
    ['a user that is a truth value', { user_id: true }],
    ['a fraction of a user', { user_id: 1.9 }],
    ['a day that is none', { timestamp: '2023-02-30T00:00:00' }],
    ['a timestamp that is none', { timestamp: 'yesterday' }],
    ['the future', { timestamp: '2999-01-01T00:00:00' }],
    ['full-width digits', { amount: '１００' }],
    ['an underscore', { amount: '1_000' }],
    ['an exponent', { amount: '1e3' }],
    ['10,000 digits', { amount: '1'.repeat(10_000) }],
    ['NUL', { amount: '1\u0000' }],
    ['not a number', { amount: 'NaN' }],
  ])('%s is 422', async (_name, change) => {
    const [status, body] = await send('POST', '/v1/transaction', transaction(await makeUser(), change));
    expect([status, body['status']]).toEqual([422, 422]);
  });
});

describe('a balance', () => {
  test('as of a moment has what took effect until then, the moment included', async () => {
    const user = await makeUser();
    await send('POST', '/v1/transaction', transaction(user));
    const later = { type: 'WITHDRAW', amount: '50', timestamp: '2023-01-30T00:00:00' };
    await send('POST', '/v1/transaction', transaction(user, later));
    expect([
      await balanceOf(user),
      await balanceOf(user, '2023-01-30T00:00:00.00000000'),
      await balanceOf(user, '2023-01-29T23:59:59.99999999'),
      await balanceOf(user, '2023-01-04T00:00:00'),
      await balanceOf(user, '2023-01-03T23:59:59.999999'),
      await balanceOf(user, '2023-01-30T03:00:00%2B03:00'),
    ]).toEqual(['50.00', '50.00', '100.00', '100.00', '0.00', '50.00']);
  });

  test('with a transaction that comes late with an earlier time', async () => {
    const user = await makeUser();
    await send('POST', '/v1/transaction', transaction(user));
    const earlier = { amount: '7', timestamp: '2022-12-31T23:59:59.5' };
    await send('POST', '/v1/transaction', transaction(user, earlier));
    expect(await balanceOf(user, '2023-01-01T00:00:00')).toBe('7.00');
    expect(await balanceOf(user, '2022-12-31T23:59:59.4')).toBe('0.00');
  });

  test('of a moment that is none is 422, of nobody 404', async () => {
    const user = await makeUser();
    for (const date of ['', 'x', '2023-13-01T00:00:00', '2023-01-30', '%00'])
      expect((await get(`/v1/user/${user}?date=${date}`))[0]).toBe(422);
    for (const id of ['999999', '0', '-1', 'x', '99999999999999999999', '1.5', '%E1%BF%BF', '9'.repeat(200)])
      for (const path of [`/v1/user/${id}`, `/v1/user/${id}/balance`])
        expect([path, (await get(path))[0]]).toEqual([path, 404]);
    for (const uid of [randomUUID(), 'x', '1']) expect((await get(`/v1/transaction/${uid}`))[0]).toBe(404);
  });
});

test.each([
  ['NUL', '{"name": "a\\u0000b"}'],
  ['half of a character', '{"name": "\\udc00"}'],
  ['nothing', '{"name": ""}'],
  ['a number', '{"name": 5}'],
  ['too long', JSON.stringify({ name: 'a'.repeat(201) })],
  ['no name', '{}'],
])('a name of %s is 422', async (_name, body) => {
  expect((await send('POST', '/v1/user', body))[0]).toBe(422);
});
