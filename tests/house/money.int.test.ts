import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeTestDatabase, newAccountNumber, transactionRow, type TestDatabase } from '@passbook/testing';
import { makeTestApi, type TestApi } from './make-test-api.js';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

/* Money below /v1, in an installation whose days are those of Berlin; one account is of an imported file. */

let database: TestDatabase;
let house: TestHouse;
let api: TestApi;
let imported: string;
const row = { account: newAccountNumber(), id: randomUUID(), amount: '12.5', time: '2021-01-31 23:30:00' };
beforeAll(async () => {
  database = await makeTestDatabase();
  house = await makeTestHouse(database, { settings: { TIME_ZONE: 'Europe/Berlin' } });
  imported = (await house.importRows([transactionRow(row)])).statements[0]!.account.id;
  api = await makeTestApi(database, house);
});
afterAll(async () => {
  await api.stop();
  await house.remove();
  await database.drop();
});

type Body = Record<string, unknown>;

interface Reply {
  status: number;
  body: Body;
  location: string | null;
  isReplay: boolean;
}

async function post(path: string, body: object | null, key: string | null = randomUUID()): Promise<Reply> {
  const response = await fetch(api.url + path, {
    method: 'POST',
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== null && { 'idempotency-key': key }),
    },
    body: body && JSON.stringify(body),
  });
  return {
    status: response.status,
    body: (await response.json()) as Body,
    location: response.headers.get('location'),
    isReplay: response.headers.get('idempotent-replayed') === 'true',
  };
}

async function makeAccount(amount?: string, currency = 'USD'): Promise<string> {
  const client = await post('/v1/clients', { name: 'Ann' });
  const { body } = await post('/v1/accounts', { clientId: client.body['id'], currency });
  if (amount) await post(`/v1/accounts/${String(body['id'])}/transactions`, { type: 'DEPOSIT', amount });
  return body['id'] as string;
}

async function balanceOf(account: string, asOf?: string): Promise<unknown> {
  const { body } = await api.get(`/v1/accounts/${account}/balance${asOf ? `?asOf=${asOf}` : ''}`);
  return body['balance'] ?? body['type'];
}

const kindOf = ({ status, body }: { status: number; body: Body }): unknown[] => [
  status,
  String(body['type']).replace('urn:passbook:problem:', ''),
];

describe('clients and accounts', () => {
  test('are added and found, a client with several accounts', async () => {
    const login = randomUUID();
    const made = await post('/v1/clients', { name: 'Ann', login, email: 'ann@example.com' });
    expect([made.status, made.location]).toEqual([201, `/v1/clients/${String(made.body['id'])}`]);
    expect((await api.get(made.location!)).body).toEqual(made.body);
    const clientId = made.body['id'];
    for (const currency of ['EUR', 'JPY', 'KWD']) await post('/v1/accounts', { clientId, currency });
    const { body } = await api.get(`/v1/accounts?clientId=${String(clientId)}&limit=2`);
    expect(body.items.map((one) => [one['currency'], one['balance'], one['minBalance']])).toEqual([
      ['EUR', '0.00', '0.00'],
      ['JPY', '0', '0'],
    ]);
    const next = await api.get(`/v1/accounts?clientId=${String(clientId)}&limit=2&cursor=${body.nextCursor}`);
    expect(next.body.items.map((one) => one['currency'])).toEqual(['KWD']);
    expect(next.body.nextCursor).toBeNull();
    expect(kindOf(await post('/v1/clients', { name: 'Bob', login }))).toEqual([409, 'login-taken']);
  });

  test('of imported files are among them', async () => {
    const { body } = await api.get(`/v1/accounts/${imported}`);
    expect(body).toMatchObject({ balance: '12.50', minBalance: null, last4: row.account.slice(-4) });
    const { body: client } = await api.get(`/v1/clients/${String(body['clientId'])}`);
    expect(client['name']).toEqual(expect.stringMatching(/\w/));
  });
});

describe('money', () => {
  test('is put on an account, taken from it, and moved between two', async () => {
    const [a, b] = [await makeAccount(), await makeAccount()];
    const deposit = await post(`/v1/accounts/${a}/transactions`, { type: 'DEPOSIT', amount: '100.5' });
    expect([deposit.status, deposit.location]).toEqual([201, `/v1/transfers/${String(deposit.body['id'])}`]);
    expect(deposit.body).toMatchObject({
      kind: 'deposit',
      fromAccountId: null,
      toAccountId: a,
      amount: '100.50',
      currency: 'USD',
      toBalance: '100.50',
    });
    await post(`/v1/accounts/${a}/transactions`, { type: 'WITHDRAW', amount: '0.50', currency: 'USD' });
    const moved = await post('/v1/transfers', { fromAccountId: a, toAccountId: b, amount: '30' });
    expect(moved.body).toMatchObject({ kind: 'transfer', fromBalance: '70.00', toBalance: '30.00' });
    const transfer = `/v1/transactions/${String(moved.body['id'])}`;
    expect((await api.get(transfer)).body).toEqual({ ...moved.body, reversedBy: null });
    const back = await post(`/v1/transfers/${String(moved.body['id'])}/reversal`, null);
    expect(back.body).toMatchObject({ kind: 'reversal', fromAccountId: b, reverses: moved.body['id'] });
    expect((await api.get(transfer)).body).toMatchObject({ reversedBy: back.body['id'] });
    expect([await balanceOf(a), await balanceOf(b)]).toEqual(['100.00', '0.00']);
    expect(kindOf(await post(`/v1/transfers/${String(moved.body['id'])}/reversal`, null))).toEqual([
      409,
      'already-reversed',
    ]);
  });

  test('may be put on an account of a file, and taken beyond what is there', async () => {
    const before = await balanceOf(imported);
    await post(`/v1/accounts/${imported}/transactions`, { type: 'WITHDRAW', amount: '100' });
    expect(await balanceOf(imported)).toBe('-87.50');
    await post(`/v1/accounts/${imported}/transactions`, { type: 'DEPOSIT', amount: '100' });
    expect(await balanceOf(imported)).toBe(before);
  });

  test('that a transaction of a file has the id of already is refused', async () => {
    const asked = { type: 'DEPOSIT', amount: '1', id: row.id };
    expect(kindOf(await post(`/v1/accounts/${imported}/transactions`, asked))).toEqual([422, 'id-taken']);
  });

  test('is refused with a reason, and nothing changes', async () => {
    const [dollars, other, yen] = [await makeAccount('5'), await makeAccount(), await makeAccount('', 'JPY')];
    const movement = { fromAccountId: dollars, toAccountId: other, amount: '1' };
    const cases: [object, unknown[]][] = [
      [{ amount: '5.01' }, [402, 'insufficient-funds']],
      [{ toAccountId: dollars }, [422, 'accounts-must-differ']],
      [{ toAccountId: yen }, [422, 'currency-mismatch']],
      [{ currency: 'EUR' }, [422, 'currency-mismatch']],
      [{ currency: 'XXX' }, [422, 'invalid-body']],
      [{ toAccountId: '999999' }, [404, 'unknown-account']],
      [{ fromAccountId: '999999' }, [404, 'unknown-account']],
      [{ fromAccountId: '9'.repeat(30), currency: 'USD' }, [404, 'unknown-account']],
      [{ amount: '1.001' }, [422, 'invalid-body']],
      [{ amount: '0' }, [422, 'invalid-body']],
      [{ amount: '-1' }, [422, 'invalid-body']],
      [{ amount: 1 }, [422, 'invalid-body']],
      [{ amount: '1_000' }, [422, 'invalid-body']],
      [{ amount: '１' }, [422, 'invalid-body']],
      [{ amount: '1'.repeat(10_000) }, [422, 'invalid-body']],
      [{ ammount: '1' }, [422, 'invalid-body']],
      [{ occurredAt: '2999-01-01T00:00:00Z' }, [422, 'invalid-body']],
      [{ occurredAt: 'x' }, [422, 'invalid-body']],
      [{ id: 'x' }, [422, 'invalid-body']],
    ];
    for (const [change, problem] of cases) {
      const reply = await post('/v1/transfers', { ...movement, ...change });
      expect([change, ...kindOf(reply)]).toEqual([change, ...problem]);
    }
    expect([await balanceOf(dollars), await balanceOf(other)]).toEqual(['5.00', '0.00']);
    expect(kindOf(await post(`/v1/transfers/${randomUUID()}/reversal`, null))).toEqual([
      404,
      'unknown-transfer',
    ]);
  });
});

describe('an Idempotency-Key', () => {
  test('may not be missing, and is of visible characters', async () => {
    const asked = { type: 'DEPOSIT', amount: '1' };
    const path = `/v1/accounts/${await makeAccount()}/transactions`;
    expect(kindOf(await post(path, asked, null))).toEqual([400, 'idempotency-key-missing']);
    expect(kindOf(await post(`/v1/transfers/${randomUUID()}/reversal`, null, null))).toEqual([
      400,
      'idempotency-key-missing',
    ]);
    for (const key of ['a b', 'é', 'a'.repeat(256)])
      expect(kindOf(await post(path, asked, key))).toEqual([400, 'invalid-request']);
  });

  test('is answered as the first time, and is no other request’s', async () => {
    const [account, key] = [await makeAccount(), randomUUID()];
    const path = `/v1/accounts/${account}/transactions`;
    const first = await post(path, { type: 'DEPOSIT', amount: '5' }, key);
    await post(path, { type: 'DEPOSIT', amount: '1' });
    const again = await post(path, { type: 'DEPOSIT', amount: '5.00' }, key);
    expect([again.status, again.isReplay, again.body]).toEqual([201, true, first.body]);
    for (const other of [
      { type: 'DEPOSIT', amount: '6' },
      { type: 'WITHDRAW', amount: '5' },
    ])
      expect(kindOf(await post(path, other, key))).toEqual([422, 'key-reused']);
    expect(await balanceOf(account)).toBe('6.00');
  });

  test('keeps a refusal', async () => {
    const [account, key] = [await makeAccount(), randomUUID()];
    const path = `/v1/accounts/${account}/transactions`;
    const first = await post(path, { type: 'WITHDRAW', amount: '5' }, key);
    await post(path, { type: 'DEPOSIT', amount: '50' });
    const again = await post(path, { type: 'WITHDRAW', amount: '5' }, key);
    expect([again.status, again.isReplay, again.body]).toEqual([402, true, first.body]);
  });
});

describe('a balance', () => {
  test('of a day is that of its end, in the zone of the installation; of a moment includes it', async () => {
    const account = await makeAccount();
    const path = `/v1/accounts/${account}/transactions`;
    for (const [amount, occurredAt] of [
      ['1', '2023-01-31T22:59:59.999999Z'],
      ['10', '2023-01-31T23:00:00Z'],
      ['100', '2023-02-01T12:00:00'],
    ])
      await post(path, { type: 'DEPOSIT', amount, occurredAt });
    const expected: [string | undefined, string][] = [
      ['2023-01-30', '0.00'],
      ['2023-01-31', '1.00'],
      ['2023-02-01', '111.00'],
      ['2023-01-31T22:59:59.999999Z', '1.00'],
      ['2023-01-31T23:00:00Z', '11.00'],
      ['2023-02-01T00:00:00', '11.00'],
      ['2023-02-01T10:59:59Z', '11.00'],
      ['2023-02-01T11:00:00Z', '111.00'],
      ['2023-02-01T12:00:00%2B01:00', '111.00'],
      [new Date().toISOString().slice(0, 10), '111.00'],
      [undefined, '111.00'],
    ];
    for (const [asOf, balance] of expected)
      expect([asOf, await balanceOf(account, asOf)]).toEqual([asOf, balance]);
    expect(await balanceOf(imported, '2021-01-30')).toBe('0.00');
    expect(await balanceOf(imported, '2021-01-31')).toBe('12.50');
  });

  test('of the future, or of no moment, is 422', async () => {
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    for (const asOf of [future, tomorrow, '9999-12-31', 'x', '2023-02-30', '2023-01-01T25:00:00Z'])
      expect([asOf, await balanceOf(imported, asOf)]).toEqual([asOf, 'urn:passbook:problem:invalid-moment']);
  });

  test('of no account is 404', async () => {
    for (const id of ['0', '999999', '9223372036854775808', '9'.repeat(30)])
      for (const path of [
        '',
        '/balance',
        '/balance?asOf=2023-01-01',
        '/transactions',
        `/transactions/${row.id}`,
      ])
        expect([id, path, (await api.get(`/v1/accounts/${id}${path}`)).status]).toEqual([id, path, 404]);
  });
});

test('the transactions of an account come the newest first, page by page, with the rows that they were', async () => {
  const [id] = [randomUUID()];
  const occurredAt = '2021-01-31T22:30:00.25Z';
  await post(`/v1/accounts/${imported}/transactions`, { type: 'WITHDRAW', amount: '2', occurredAt, id });
  const seen: Body[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body }: Awaited<ReturnType<TestApi['get']>> = await api.get(
      `/v1/accounts/${imported}/transactions?limit=1${cursor && `&cursor=${cursor}`}`,
    );
    seen.push(...body.items);
    cursor = body.nextCursor;
  }
  const all = await api.get(`/v1/accounts/${imported}/transactions`);
  expect(seen).toEqual(all.body.items);
  const times = seen.map((one) => Date.parse(String(one['occurredAt'])));
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(seen.slice(-2)).toMatchObject([
    { id, amount: '-2.00', origin: null },
    { id: row.id, amount: '12.50', origin: { line: 2 } },
  ]);
  for (const wrong of ['x', Buffer.from('transactions 2021-13-99 x').toString('base64url')])
    expect((await api.get(`/v1/accounts/${imported}/transactions?cursor=${wrong}`)).status).toBe(400);
});
