import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { makeTestDatabase, startTcpProxy, until } from '@passbook/testing';
import { makePlace, type Place, type Running } from '../run-passbook.js';

/* The API is killed when Postgres has committed and the client has no answer yet: it can only ask again. */

interface Started {
  url: string;
  running: Running;
}

async function startApi(place: Place, databaseUrl: string): Promise<Started> {
  const running = place.start('service.mjs', ['api'], { DATABASE_URL: databaseUrl, LOG_LEVEL: 'info' });
  const address = /Server listening at (http:\/\/[\d.:]+)/;
  await until('the API listens', () => address.test(running.output()));
  return { url: address.exec(running.output())![1]!, running };
}

async function post(url: string, path: string, body: object, key: string): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
}

test('the API is killed (-9) between the commit and its answer: the same request again is a replay', async () => {
  const place = await makePlace();
  const database = await makeTestDatabase();
  const { hostname, port } = new URL(database.url);
  const proxy = await startTcpProxy({ target: { host: hostname, port: Number(port) } });
  const behind = new URL(database.url);
  behind.hostname = '127.0.0.1';
  behind.port = String(proxy.port);
  try {
    const first = await startApi(place, behind.href);
    const made = await post(first.url, '/clients', { name: 'Ann', login: 'ann' }, randomUUID());
    const { walletId } = (await made.json()) as { walletId: number };
    const resupply = { walletId, amount: 12.5 };
    const key = randomUUID();
    const committed = proxy.dropNextAnswer((bytes) => bytes.includes('post_operations'));
    const lost = post(first.url, '/resupplies', resupply, key).then(
      () => 'an answer',
      () => 'no answer',
    );
    await committed;
    proxy.refuse();
    first.running.process.kill('SIGKILL');
    expect(await lost).toBe('no answer');
    await proxy.accept();
    const { url } = await startApi(place, behind.href);
    const again = await post(url, '/resupplies', resupply, key);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(await again.json()).toMatchObject({ walletBalance: 12.5 });
    const { rows } = await database.query(
      `select balance_minor as balance, (select sum(amount_minor) from transactions where account_id = a.id)::bigint as sum,
         (select count(*) from transfers) as transfers from accounts a`,
    );
    expect(rows).toEqual([{ balance: 1250n, sum: 1250n, transfers: 1n }]);
  } finally {
    await place.remove();
    await proxy.stop();
    await database.drop();
  }
});
