import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { Validator } from '@seriousme/openapi-schema-validator';
import { makeTestApi, type TestApi } from './make-test-api.js';
import { makeTestHouse, type TestHouse } from './make-test-house.js';

/* What /openapi.json says is true: it is valid, and nothing is answered that it does not name. */

interface BodySchema {
  properties?: Record<string, { type?: string }>;
  examples?: Record<string, unknown>[];
}

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: BodySchema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}

interface Openapi {
  paths: Record<string, Record<string, Operation>>;
}

let database: TestDatabase;
let house: TestHouse;
let api: TestApi;
let openapi: Openapi;
beforeAll(async () => {
  database = await makeTestDatabase();
  house = await makeTestHouse(database, { declares: ['customer_transactions', 'gtr_report'] });
  api = await makeTestApi(database, house);
  openapi = (await (await fetch(`${api.url}/openapi.json`)).json()) as Openapi;
});
afterAll(async () => {
  await api.stop();
  await house.remove();
  await database.drop();
});

test('the description is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(openapi as unknown as Record<string, unknown>);
  expect([valid, errors, validator.version]).toEqual([true, undefined, '3.1']);
});

/** Values that break things, as ids, texts and fields. */
const hostile = [
  '0',
  '1',
  '-1',
  '9223372036854775807',
  '9223372036854775808',
  '9'.repeat(30),
  '1'.repeat(10_000),
  '1e3',
  '1_000',
  '１',
  'NaN',
  '',
  ' ',
  '\u0000',
  '😀',
  "'; drop table accounts; --",
  '../../etc/passwd',
  '00000000-0000-0000-0000-000000000000',
  '2023-01-01',
  '9999-12-31T23:59:59.999999Z',
  '0001-01-01T00:00:00+23:59',
];

const raw = [
  'null',
  '[]',
  '0',
  '{',
  '{"a":1,"a":2}',
  '"\\ud800"',
  '[[[[[',
  '{"__proto__":{"amount":"1"}}',
  '',
];

const literals = [
  ...hostile.map((text) => JSON.stringify(text)),
  '"\\ud800"',
  'null',
  'true',
  '1.9',
  '1e400',
  '-0',
  '{}',
  '[]',
];

async function ask(method: string, url: string, body: string | null): Promise<Response> {
  return fetch(api.url + url, {
    method,
    headers: {
      'idempotency-key': randomUUID(),
      ...(body !== null && { 'content-type': 'application/json' }),
    },
    body,
  });
}

function* requestsOf(
  path: string,
  { parameters = [], requestBody }: Operation,
): Generator<[string, string | null]> {
  const fill = (value: string): string =>
    // Node itself refuses a longer address.
    path.replace(/\{\w+\}/g, () => encodeURIComponent(value.slice(0, 2000) || ' '));
  const { properties = {}, examples = [] } = requestBody?.content['application/json']?.schema ?? {};
  const names = Object.keys(properties);
  const plain = requestBody ? '{}' : null;
  if (path.includes('{')) for (const value of hostile) yield [fill(value), plain];
  const ids = ['1', '00000000-0000-0000-0000-000000000000'];
  for (const { name } of parameters.filter((one) => one.in === 'query'))
    for (const id of ids)
      for (const value of hostile)
        yield [`${fill(id)}?${name}=${encodeURIComponent(value.slice(0, 2000))}`, null];
  if (!requestBody) return;
  for (const body of raw) yield [fill('1'), body];
  const valid: Record<string, string> = {
    uid: JSON.stringify(randomUUID()),
    type: '"DEPOSIT"',
    amount: path.startsWith('/v1') ? '"1"' : '1',
    timestamp: '"2023-01-04T00:00:00"',
    user_id: '1',
    name: '"Ann"',
    login: JSON.stringify(randomUUID()),
    walletId: '1',
    walletFromId: '1',
    walletToId: '2',
    clientId: '"1"',
    fromAccountId: '"1"',
    toAccountId: '"2"',
    currency: '"USD"',
    ...Object.fromEntries(
      Object.entries(examples[0] ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  };
  for (const spoilt of names)
    for (const literal of [
      ...literals,
      ...(properties[spoilt]!.type === 'array' ? literals.map((one) => `[${one}]`) : []),
    ]) {
      const fields = names.filter((name) => name === spoilt || name in valid);
      const value = (name: string): string => (name === spoilt ? literal : valid[name]!);
      yield [fill('1'), `{${fields.map((name) => `${JSON.stringify(name)}:${value(name)}`).join(',')}}`];
    }
}

/** One after the other, each would wait for a commit of its own. */
const REQUESTS_AT_ONCE = 32;

describe('whatever is asked, each path answers as it is described, and never with a fault of its own', () => {
  test('on every path, with every method, parameter and field', async () => {
    const wrong: unknown[] = [];
    let count = 0;
    for (const [path, methods] of Object.entries(openapi.paths))
      for (const [method, operation] of Object.entries(methods)) {
        const requests = [...requestsOf(path, operation), [path.replace(/\{\w+\}/g, '1'), null] as const];
        const judge = async ([url, body]: readonly [string, string | null]): Promise<void> => {
          const response = await ask(method.toUpperCase(), url, body);
          const type = response.headers.get('content-type')?.replace(/;.*/, '') ?? '';
          await response.arrayBuffer();
          count++;
          const described = operation.responses[response.status]?.content?.[type];
          if (response.status >= 500 || described === undefined)
            wrong.push([method, url.slice(0, 200), body?.slice(0, 200), response.status, type]);
        };
        while (requests.length > 0) await Promise.all(requests.splice(0, REQUESTS_AT_ONCE).map(judge));
      }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(1000);
  });
});
