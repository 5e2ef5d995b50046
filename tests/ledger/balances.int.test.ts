import { createHash, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  monthNo,
  openAccounts,
  postTransactions,
  readBalance,
  ROW_BYTES,
  writeTransactionRow,
} from '@passbook/ledger';
import { makeZoneClock } from '@passbook/runtime';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { deposit, findUnsound, makeTestLedger, withdrawal } from './make-test-ledger.js';

const SEED = 20_231;
let database: TestDatabase;
beforeEach(async () => {
  database = await makeTestDatabase();
});
afterEach(async () => {
  expect(await findUnsound(database)).toEqual([]);
  await database.drop();
});

/** Zones, and ends of months at which something is the matter there: clocks set back into the old month, a day skipped. */
const cases: [string, [number, number][]][] = [
  [
    'UTC',
    [
      [2, 0],
      [2021, 2],
      [9999, 10],
    ],
  ],
  [
    'Europe/Berlin',
    [
      [2021, 2],
      [2021, 3],
    ],
  ],
  [
    'America/St_Johns',
    [
      [2009, 10],
      [2009, 11],
    ],
  ],
  [
    'Pacific/Apia',
    [
      [2011, 11],
      [2012, 0],
    ],
  ],
];

/** A moment within two days of the end of a month, to the microsecond. */
const momentsAround = (months: [number, number][]): fc.Arbitrary<string> =>
  fc
    .record({
      month: fc.constantFrom(...months),
      quarterHours: fc.oneof(
        fc.integer({ min: 0, max: 16 }),
        fc.integer({ min: -64, max: 64 }),
        fc.integer({ min: -192, max: 192 }),
      ),
      micros: fc.constantFrom(-1, 0, 1, 500_000),
    })
    .map(({ month: [year, month], quarterHours, micros }) => {
      const ms = new Date(0).setUTCFullYear(year, month, 1) + quarterHours * 900_000;
      const second = new Date(ms + (micros < 0 ? -1000 : 0)).toISOString().slice(0, 19);
      return `${second}.${String((micros + 1e6) % 1e6).padStart(6, '0')}Z`;
    });

test.each(cases)(
  `the balance as of any moment is that of all transactions until then, in %s (seed ${SEED})`,
  async (zone, months) => {
    const moments = momentsAround(months);
    const steps = fc.record({
      way: fc.constantFrom('file', 'program'),
      occurredAt: moments,
      cents: fc.integer({ min: -9999, max: 9999 }),
    });
    const clock = makeZoneClock(zone);
    const ledger = makeTestLedger(database, { timeZone: zone });
    const property = fc.asyncProperty(
      fc.array(steps, { minLength: 1, maxLength: 20 }),
      fc.array(moments, { minLength: 5, maxLength: 10 }),
      async (taken, asked) => {
        const accountId = await openImportedAccount();
        await Promise.all(
          taken
            .filter((step) => step.cents !== 0)
            .map(({ way, occurredAt, cents }) => {
              const amount = BigInt(cents);
              if (way === 'file') return postRow(clock, accountId, occurredAt, amount);
              const movement = amount > 0n ? deposit(accountId, amount) : withdrawal(accountId, -amount);
              return ledger.post(movement, { occurredAt });
            }),
        );
        const all = [...asked, ...taken.map((step) => step.occurredAt)];
        const read = all.map(async (asOf) => [
          asOf,
          (await readBalance(database, accountId, asOf, clock))?.balanceMinor,
        ]);
        const scanned = all.map(async (asOf) => [asOf, await scan(accountId, asOf)]);
        expect(await Promise.all(read)).toEqual(await Promise.all(scanned));
        expect((await readBalance(database, accountId, null, clock))?.balanceMinor).toBe(
          await scan(accountId, 'infinity'),
        );
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: 10 });
    await ledger.stop();
  },
);

async function scan(accountId: bigint, asOf: string): Promise<bigint> {
  const { rows } = await database.query<{ sum: string }>(
    'select coalesce(sum(amount_minor), 0)::text as sum from transactions where account_id = $1 and occurred_at <= $2',
    [accountId, asOf],
  );
  return BigInt(rows[0]!.sum);
}

async function openImportedAccount(): Promise<bigint> {
  const numberHash = createHash('sha256').update(randomUUID()).digest('hex');
  const holder = { firstName: 'Ann', lastName: 'Lee', bornOn: null, email: null };
  const opened = await openAccounts(database, [
    { numberHash, last4: '1234', type: null, currency: 'USD', holder },
  ]);
  return opened.get(numberHash)!.id;
}

/** As a processor posts a row of a file. */
function postRow(
  clock: ReturnType<typeof makeZoneClock>,
  accountId: bigint,
  occurredAt: string,
  amountMinor: bigint,
): Promise<unknown> {
  const rows = Buffer.alloc(ROW_BYTES);
  const [year, month] = clock.toLocal(occurredAt).split('-').map(Number);
  writeTransactionRow(rows, 0, {
    ...{ id: randomUUID(), amountMinor, line: 2, month: monthNo(year!, month!) },
    occurredAt: occurredAt.replace('T', ' ').replace('Z', ''),
  });
  return database.withTransaction((trx) =>
    postTransactions(trx, [{ importNo: 1, accountId, rows, contradicts: false }]),
  );
}
