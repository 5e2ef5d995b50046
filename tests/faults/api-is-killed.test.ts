import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeTestDatabase, startTcpProxy, until, type TestDatabase } from '@passbook/testing';
import { tradeLists } from '../house/trades.js';
import { makePlace, root, type Place, type Running } from '../run-passbook.js';

/* The API is killed when Postgres has committed and the client has no answer yet: it can only ask again. */

interface Started {
  url: string;
  running: Running;
}

async function startApi(place: Place, databaseUrl: string): Promise<Started> {
  const running = place.start('service.mjs', ['api'], {
    DATABASE_URL: databaseUrl,
    FEED_DEFINITIONS_DIR: join(root, 'feed-definitions'),
    LOG_LEVEL: 'info',
  });
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

interface Scene {
  database: TestDatabase;
  /** Starts the API, behind a proxy before Postgres. */
  start: () => Promise<Started>;
  /** Asks, and kills the API when Postgres was sent the bytes, has done what they say, and its answer is lost. */
  killAfter: (sent: string, api: Started, ask: () => Promise<Response>) => Promise<void>;
}

async function withScene(work: (scene: Scene) => Promise<void>): Promise<void> {
  const place = await makePlace();
  const database = await makeTestDatabase();
  const { hostname, port } = new URL(database.url);
  const proxy = await startTcpProxy({ target: { host: hostname, port: Number(port) } });
  const behind = new URL(database.url);
  behind.hostname = '127.0.0.1';
  behind.port = String(proxy.port);
  try {
    await work({
      database,
      start: () => startApi(place, behind.href),
      async killAfter(sent, { running }, ask) {
        const committed = proxy.dropNextAnswer((bytes) => bytes.includes(sent));
        const lost = ask().then(
          () => 'an answer',
          () => 'no answer',
        );
        await committed;
        proxy.refuse();
        running.process.kill('SIGKILL');
        expect(await lost).toBe('no answer');
        await proxy.accept();
      },
    });
  } finally {
    await place.remove();
    await proxy.stop();
    await database.drop();
  }
}

test('the API is killed (-9) between the commit and its answer: the same request again is a replay', () =>
  withScene(async ({ database, start, killAfter }) => {
    const first = await start();
    const made = await post(first.url, '/clients', { name: 'Ann', login: 'ann' }, randomUUID());
    const { walletId } = (await made.json()) as { walletId: number };
    const resupply = { walletId, amount: 12.5 };
    const key = randomUUID();
    await killAfter('post_operations', first, () => post(first.url, '/resupplies', resupply, key));
    const { url } = await start();
    const again = await post(url, '/resupplies', resupply, key);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(await again.json()).toMatchObject({ walletBalance: 12.5 });
    const { rows } = await database.query(
      `select balance_minor as balance, (select sum(amount_minor) from transactions where account_id = a.id)::bigint as sum,
         (select count(*) from transfers) as transfers from accounts a`,
    );
    expect(rows).toEqual([{ balance: 1250n, sum: 1250n, transfers: 1n }]);
  }));

test('the same while it takes customer transactions: before the commit none is there, after it all are', () =>
  withScene(async ({ database, start, killAfter }) => {
    const send = (url: string): Promise<Response> =>
      post(url, '/customer_transaction', tradeLists(['A', 'B']), randomUUID());
    const count = async (): Promise<unknown> =>
      (await database.query('select count(*)::integer from customer_transactions')).rows;
    const first = await start();
    await killAfter('insert into feed_loads', first, () => send(first.url));
    expect(await count()).toEqual([{ count: 0 }]);
    const second = await start();
    await killAfter('commit\0', second, () => send(second.url));
    expect(await count()).toEqual([{ count: 2 }]);
    const { url } = await start();
    const again = await send(url);
    expect([again.status, await again.json()]).toEqual([
      200,
      { rowsRead: 2, rowsPosted: 0, rowsDuplicate: 2 },
    ]);
    const { rows } = await database.query('select rows_posted::integer as posted from feed_loads');
    expect(rows).toEqual([{ posted: 2 }]);
  }));
