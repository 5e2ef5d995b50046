import { describe, expect, test } from '@jest/globals';
import type { TestDatabase } from '@passbook/testing';
import { makeTestApi, type TestApi, useTestApi } from './make-test-api.js';
import type { TestHouse } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
let api: TestApi;
useTestApi((made) => void ({ database, house, api } = made));

describe('an error below /v1 is a problem', () => {
  const nobody = '00000000-0000-4000-8000-000000000000';
  test.each<[string, number, string]>([
    ['/v1', 404, 'unknown-route'],
    ['/v1/nothing?x=1', 404, 'unknown-route'],
    ['/v1/%zz', 400, 'invalid-request'],
    ['/v1/imports?limit=0', 400, 'invalid-request'],
    ['/v1/imports?limit=501', 400, 'invalid-request'],
    ['/v1/imports?limit=ten', 400, 'invalid-request'],
    ['/v1/imports?limit=1&limit=2', 400, 'invalid-request'],
    ['/v1/imports?limt=1', 400, 'invalid-request'],
    ['/v1/imports?cursor=abc', 400, 'invalid-cursor'],
    [`/v1/imports?cursor=${Buffer.from('rows 5').toString('base64url')}`, 400, 'invalid-cursor'],
    ['/v1/events?after=-1', 400, 'invalid-request'],
    ['/v1/events?after=99999999999999999999', 400, 'invalid-request'],
    ['/v1/events?wait=31', 400, 'invalid-request'],
    ['/v1/imports/x', 400, 'invalid-request'],
    [`/v1/imports/${nobody}`, 404, 'unknown-import'],
    [`/v1/imports/${nobody}/rows`, 404, 'unknown-import'],
    [`/v1/imports/${nobody}/receipt`, 404, 'unknown-import'],
    [`/v1/imports/${nobody}/deliveries`, 404, 'unknown-import'],
    [`/v1/imports/${nobody}/rows?outcome=lost`, 400, 'invalid-request'],
    [`/v1/imports/${nobody}/rows?line=-1`, 400, 'invalid-request'],
    [`/v1/accounts/one/transactions/${nobody}`, 400, 'invalid-request'],
    [`/v1/accounts/1/transactions/${nobody}`, 404, 'unknown-transaction'],
  ])('%s', async (path, status, kind) => {
    const answer = await api.get(path);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(answer.body).toMatchObject({
      type: `urn:passbook:problem:${kind}`,
      status,
      title: expect.any(String),
      detail: expect.stringMatching(/\w/),
    });
  });

  test('also of a method that is not there, and names what is not valid', async () => {
    const response = await fetch(`${api.url}/v1/imports`, { method: 'POST', body: 'x' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await response.json()).toMatchObject({ type: 'urn:passbook:problem:method-not-allowed' });
    expect((await api.get('/clients')).body).toEqual({ detail: expect.any(String) });
    const { body } = await api.get('/v1/imports?limit=0');
    expect(body['errors']).toEqual([{ name: 'limit', detail: expect.any(String) }]);
  });

  test('when the database is away, and says nothing of what is inside', async () => {
    const away = {
      ...database,
      query: () => Promise.reject(Object.assign(new Error('at secret:5432'), { code: 'ECONNREFUSED' })),
    };
    const other = await makeTestApi(away, house);
    const response = await fetch(`${other.url}/v1/imports`);
    const text = await response.text();
    await other.stop();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(text).toContain('urn:passbook:problem:database-away');
    expect(text).not.toContain('secret');
  });
});

describe('/openapi.json', () => {
  test('describes each route below /v1, its parameters and its answers, and nothing that is not used', async () => {
    const { status, body } = await api.get('/openapi.json');
    expect([status, body['openapi']]).toEqual([200, '3.1.0']);
    const paths = body['paths'] as Record<string, { get: { parameters: { name: string; in: string }[] } }>;
    expect(Object.keys(paths)).toEqual([
      '/v1/imports',
      '/v1/imports/{importId}',
      '/v1/imports/{importId}/rows',
      '/v1/imports/{importId}/receipt',
      '/v1/imports/{importId}/deliveries',
      '/v1/clients',
      '/v1/clients/{clientId}',
      '/v1/accounts',
      '/v1/accounts/{accountId}',
      '/v1/accounts/{accountId}/balance',
      '/v1/accounts/{accountId}/transactions',
      '/v1/accounts/{accountId}/transactions/{transactionId}',
      '/v1/transfers',
      '/v1/transfers/{transferId}/reversal',
      '/v1/transfers/{transferId}',
      '/v1/transactions/{transferId}',
      '/v1/user',
      '/v1/user/{userId}',
      '/v1/user/{userId}/balance',
      '/v1/transaction',
      '/v1/transaction/{uid}',
      '/v1/events',
      '/clients',
      '/resupplies',
      '/transfers',
    ]);
    const { parameters } = paths['/v1/imports/{importId}/rows']!.get;
    expect(parameters.map((one) => `${one.in} ${one.name}`).sort()).toEqual([
      'path importId',
      'query cursor',
      'query limit',
      'query line',
      'query outcome',
    ]);
    const { schemas } = body['components'] as { schemas: Record<string, object> };
    const used = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(new Set(used)).toEqual(new Set(Object.keys(schemas)));
  });

  test('is a page as well, which runs its own script only', async () => {
    const response = await fetch(`${api.url}/reference`);
    const html = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const word of [
      'GET /v1/imports/{importId}/rows',
      'nextCursor',
      'urn:passbook:problem:unknown-import',
    ])
      expect(html).toContain(word);
    expect(html.match(/<script[^>]*>/g)).toEqual(['<script src="/reference.js">']);
    expect(response.headers.get('content-security-policy')).toContain(
      "script-src 'self'; connect-src 'self'",
    );
    const script = await fetch(`${api.url}/reference.js`);
    expect([script.status, script.headers.get('content-type')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ]);
    for (const [, anchor] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${anchor}"`);
  });
});
