import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rememberRelayed, takeEventRelay } from '@passbook/ledger';
import { transactionRow, type TestDatabase } from '@passbook/testing';
import { makeTestApi, type TestApi, useTestApi } from './make-test-api.js';
import type { TestHouse } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
let api: TestApi;
useTestApi((made) => void ({ database, house, api } = made));

async function read(of: TestApi = api): Promise<string[]> {
  const response = await fetch(`${of.url}/metrics`);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/plain; .*version=0\.0\.4/),
  ]);
  return (await response.text()).split('\n');
}

const send = (path: string, key: string, body: object): Promise<Response> =>
  fetch(api.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });

test('what became of files, of rows and of what was asked of the ledger is counted', async () => {
  await house.importRows([transactionRow(), transactionRow(), transactionRow({ amount: 'ten' })]);
  const client = (await (await send('/v1/clients', randomUUID(), { name: 'Ann Lee' })).json()) as {
    id: string;
  };
  const answer = await send('/v1/accounts', randomUUID(), { clientId: client.id, currency: 'USD' });
  const account = (await answer.json()) as { id: string };
  const key = randomUUID();
  const path = `/v1/accounts/${account.id}/transactions`;
  const deposit = { type: 'DEPOSIT', amount: '5.00', currency: 'USD' };
  const statuses = [await send(path, key, deposit), await send(path, key, deposit)].map(
    ({ status }) => status,
  );
  expect(statuses.every((status) => status < 300)).toBe(true);
  expect((await send(path, randomUUID(), { ...deposit, type: 'WITHDRAW', amount: '9.00' })).status).toBe(402);
  const lines = await read();
  for (const line of [
    'passbook_database_up 1',
    'passbook_imports{state="loaded"} 1',
    'passbook_imports_stale 0',
    'passbook_rows{outcome="posted"} 2',
    'passbook_rows{outcome="quarantined"} 1',
    'passbook_dead_letters_open 0',
    'passbook_postings_total{outcome="posted"} 1',
    'passbook_postings_total{outcome="replayed"} 1',
    'passbook_postings_total{outcome="refused: INSUFFICIENT_FUNDS"} 1',
    'passbook_http_request_seconds_count{method="POST",route="/v1/accounts/:accountId/transactions",status="402"} 1',
  ])
    expect(lines).toContain(line);
  expect(lines).toContainEqual(expect.stringMatching(/^process_resident_memory_bytes \d+/));
});

test('how far the relay is behind is told, once there is one', async () => {
  expect(await read()).toContain('passbook_events_behind 0');
  const holder = randomUUID();
  await takeEventRelay(database, holder);
  const { rows } = await database.query<{ count: bigint; last: bigint }>(
    'select count(*) as count, max(id) as last from events',
  );
  const lines = await read();
  expect(lines).toContain(`passbook_events_behind ${rows[0]!.count}`);
  const [, seconds] = /^passbook_events_behind_seconds (\S+)$/m.exec(lines.join('\n'))!;
  expect(Number(seconds)).toBeGreaterThan(0);
  await rememberRelayed(database, holder, rows[0]!.last);
  expect(await read()).toContain('passbook_events_behind 0');
});

test('without the database the rest is told, and nothing that may be wrong', async () => {
  const away = { ...database, query: () => Promise.reject(new Error('away')) };
  const other = await makeTestApi(away, house);
  const lines = await read(other);
  await other.stop();
  expect(lines).toContain('passbook_database_up 0');
  expect(lines.filter((line) => line.startsWith('passbook_imports'))).toEqual([]);
});
