import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '@passbook/database';
import { migrateDatabase } from '@passbook/service';
import { makeRandom, until } from '@passbook/testing';
import { findUnsound, makeOperation, makeTestLedger, transfer } from '../ledger/make-test-ledger.js';
import { makePlace, type Place } from '../run-passbook.js';
import { ownPostgres, type Ending, type Server } from './fault-servers.js';

const SEED = 77;
const WALLETS = 20;
const CLIENTS = 16;
const START_MINOR = 1_000n;

let place: Place;
let server: Server;
let database: Database;
beforeAll(async () => {
  place = await makePlace();
  server = await ownPostgres(place);
  database = openDatabase({ url: server.address, applicationName: 'passbook-tests' });
  await migrateDatabase(database);
});
afterAll(async () => {
  await database.close();
  await server.remove();
  await place.remove();
});

test(`no money is lost or made when Postgres is restarted in any way while clients move it (seed ${SEED})`, async () => {
  const ledger = makeTestLedger(database, { posters: 2 });
  const wallets = await Promise.all(Array.from({ length: WALLETS }, () => ledger.openWallet(START_MINOR)));
  const random = makeRandom(SEED);
  const answered = new Set<string>();
  let isOver = false;
  let failures = 0;

  /** As a client does that wants an answer: the same key until there is one. */
  const move = async (): Promise<void> => {
    const [one, other] = random.shuffle(wallets);
    const asked = makeOperation(transfer(one!, other!, BigInt(random.between(1, 600))), {
      key: randomUUID(),
    });
    for (;;) {
      const outcome = await ledger.posters[random.between(0, 1)]!.post(asked).catch(() => null);
      if (outcome === null) failures++;
      if (outcome === null || outcome.status === 'in flight') continue;
      if (outcome.status === 'posted' || outcome.status === 'replayed') answered.add(outcome.transfer.id);
      return;
    }
  };
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!isOver) await move();
  });

  for (const ending of ['fast', 'immediate', 'killed'] satisfies Ending[]) {
    const before = answered.size;
    await until('transfers go on', () => answered.size > before + 200);
    await server.restart(ending);
  }
  const before = answered.size;
  await until('transfers go on', () => answered.size > before + 200);
  isOver = true;
  await Promise.all(clients);
  await ledger.stop();

  expect(await findUnsound(database)).toEqual([]);
  const { rows } = await database.query<{ sum: string }>(
    'select sum(balance_minor)::text as sum from accounts',
  );
  expect(BigInt(rows[0]!.sum)).toBe(START_MINOR * BigInt(WALLETS));
  const { rows: stored } = await database.query<{ id: string }>(
    "select id from transfers where kind = 'transfer'",
  );
  expect(new Set(stored.map((row) => row.id))).toEqual(answered);
  process.stdout.write(`${answered.size} transfers, ${failures} errors that clients saw\n`);
});
