import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { giveUpEventRelay, readEventRelayLag, rememberRelayed, takeEventRelay } from './event-relay.js';
import { writeEvent } from './write-event.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

const money = { transferId: randomUUID(), balance: '1.00', currency: 'USD' };
const isOver = () =>
  database.query(`update event_relay set held_until = clock_timestamp() - interval '1 ms'`);

test('one relay at a time has the lease, and the next goes on from where it came to', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  expect(await readEventRelayLag(database)).toBeNull();
  await database.withTransaction((trx) =>
    writeEvent(trx, { type: 'money_available', accountId: 1n, data: money }),
  );
  await database.withTransaction((trx) =>
    writeEvent(trx, { type: 'money_available', accountId: 1n, data: money }),
  );
  // None was told to anyone before: from the first one on.
  expect(await takeEventRelay(database, one)).toBe(0n);
  expect(await takeEventRelay(database, other)).toBeNull();
  expect(await readEventRelayLag(database)).toEqual({ events: 2, seconds: expect.any(Number) });
  await rememberRelayed(database, one, 1n);
  expect(await takeEventRelay(database, one)).toBe(1n);
  expect((await readEventRelayLag(database))!.events).toBe(1);

  await isOver();
  expect(await takeEventRelay(database, other)).toBe(1n);
  // The first wakes up: what it remembers is not taken, and it is no relay any more.
  await rememberRelayed(database, one, 2n);
  expect(await takeEventRelay(database, one)).toBeNull();
  expect(await takeEventRelay(database, other)).toBe(1n);

  await rememberRelayed(database, other, 2n);
  await giveUpEventRelay(database, other);
  expect(await takeEventRelay(database, one)).toBe(2n);
  expect(await readEventRelayLag(database)).toEqual({ events: 0, seconds: 0 });
});

test('a relay that is at work keeps the lease', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await isOver();
  expect(await takeEventRelay(database, one)).not.toBeNull();
  const { rows: before } = await database.query<{ until: string }>(
    `update event_relay set held_until = clock_timestamp() + interval '3 s' returning held_until as until`,
  );
  expect(await takeEventRelay(database, one)).not.toBeNull();
  const { rows } = await database.query<{ isLonger: boolean }>(
    'select held_until > $1 as "isLonger" from event_relay',
    [before[0]!.until],
  );
  expect([rows[0]!.isLonger, await takeEventRelay(database, other)]).toEqual([true, null]);
});
