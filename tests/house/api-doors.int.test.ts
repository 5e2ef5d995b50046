import { createHash, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi } from '@passbook/api';
import { readSettings, makeLogger } from '@passbook/runtime';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { makeTestApi, type TestApi } from './make-test-api.js';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
let locked: TestApi;
let open: TestApi;
/** Each caller may ask it once a second: no machine is too slow to ask too often. */
let narrow: TestApi;
const line = (name: string, scope: string): string =>
  `${name}:${scope}:${createHash('sha256').update(`${name}-key`).digest('hex')}`;
beforeAll(async () => {
  database = await makeTestDatabase();
  const { API_KEYS } = readSettings(
    { API_KEYS: [line('books', 'read'), line('shop', 'write'), line('till', 'write')].join(',') },
    ['API_KEYS'],
  );
  house = await makeTestHouse(database);
  open = await makeTestApi(database, house);
  const withKeys = (API_RATE_LIMIT: number): Promise<TestApi> =>
    makeTestApi(database, { ...house, config: { ...house.config, API_KEYS, API_RATE_LIMIT } });
  locked = await withKeys(1_000);
  narrow = await withKeys(1);
});
afterAll(async () => {
  await open.stop();
  await locked.stop();
  await narrow.stop();
  await house.remove();
  await database.drop();
});

async function ask(method: string, path: string, key?: string, of: TestApi = locked): Promise<Response> {
  return fetch(of.url + path, {
    method,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
    },
    body: method === 'GET' ? null : JSON.stringify({ name: 'Ann', login: randomUUID() }),
  });
}

describe('with API_KEYS', () => {
  test('nothing is served without a key but whether we live', async () => {
    for (const path of ['/v1/clients', '/', '/openapi.json', '/reference', '/reports/x', '/nothing']) {
      const response = await ask('GET', path);
      expect([path, response.status]).toEqual([path, 401]);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
    }
    expect((await ask('POST', '/clients')).status).toBe(401);
    expect((await ask('POST', '/clients', 'other')).status).toBe(401);
    for (const path of ['/livez', '/readyz']) expect((await ask('GET', path)).status).toBe(200);
  });

  test('a key with the scope read reads, one with write moves money, too', async () => {
    expect((await ask('GET', '/v1/clients', 'books-key')).status).toBe(200);
    expect((await ask('POST', '/v1/clients', 'books-key')).status).toBe(403);
    expect((await ask('POST', '/clients', 'books-key')).status).toBe(403);
    expect((await ask('GET', '/v1/clients', 'shop-key')).status).toBe(200);
    expect((await ask('POST', '/v1/clients', 'shop-key')).status).toBe(201);
  });

  test('the same Idempotency-Key of another caller is another key', async () => {
    const made = (await (await ask('POST', '/clients', 'shop-key')).json()) as { walletId: number };
    const key = randomUUID();
    const deposit = async (caller: string, amount: number): Promise<number> => {
      const response = await fetch(`${locked.url}/resupplies`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${caller}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({ walletId: made.walletId, amount }),
      });
      return response.status;
    };
    expect([
      await deposit('shop-key', 1),
      await deposit('till-key', 2),
      await deposit('shop-key', 2),
    ]).toEqual([201, 201, 422]);
  });

  test('a caller that asks too often is told when to come again, and no other is', async () => {
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => ask('GET', '/v1/clients?limit=1', 'books-key', narrow)),
    );
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.headers.get('retry-after')).toEqual(expect.stringMatching(/^[01]$/));
    expect(replies.some(({ status }) => status === 200)).toBe(true);
    expect((await ask('GET', '/v1/clients', 'till-key', narrow)).status).toBe(200);
  });
});

describe('without keys on the loopback', () => {
  const bare = (headers: Record<string, string>, body: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(open.url);
      const sent = request(
        { port, host: '127.0.0.1', method: 'POST', path: '/clients', headers },
        (reply) => {
          reply.resume();
          resolve(reply.statusCode!);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  const json = { 'content-type': 'application/json' };
  const body = (): string => JSON.stringify({ name: 'Ann', login: randomUUID() });

  test('a page of another origin gets nothing', async () => {
    const host = new URL(open.url).host;
    expect(await bare({ ...json, host }, body())).toBe(201);
    expect(await bare({ ...json, host, origin: `http://${host}` }, body())).toBe(201);
    expect(await bare({ ...json, host, origin: 'https://evil.example' }, body())).toBe(403);
    expect(await bare({ ...json, host: 'evil.example' }, body())).toBe(403);
    expect(await bare({ 'content-type': 'text/plain', host }, body())).toBe(415);
    expect(await bare({ 'content-type': 'application/x-www-form-urlencoded', host }, 'a=b')).toBe(415);
  });

  test('a body that is too large is not read', async () => {
    const large = JSON.stringify({ name: 'a'.repeat(70_000), login: 'b' });
    expect(await bare({ ...json, host: new URL(open.url).host }, large)).toBe(413);
  });
});

test('beyond the loopback nothing starts without keys, unless somebody says so', async () => {
  const { config } = house;
  const start = (more: object) =>
    startApi({
      database,
      feeds: house.house().feeds,
      folders: {
        imports: config.IMPORTS_DIR,
        processed: config.PROCESSED_DIR,
        quarantine: config.QUARANTINE_DIR,
        reports: config.REPORTS_DIR,
      },
      host: '0.0.0.0',
      port: 0,
      isOpenToAll: false,
      keys: null,
      rateLimit: 1000,
      timeZone: 'UTC',
      currency: 'USD',
      log: makeLogger('silent'),
      ...more,
    });
  await expect(start({})).rejects.toThrow(/API_KEYS.*API_AUTH=none/);
  for (const more of [{ isOpenToAll: true }, { keys: [] }]) await (await start(more)).stop();
});
