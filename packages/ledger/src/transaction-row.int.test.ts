import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyIn } from '@passbook/database';
import { makeRandom, makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { encodeTuples } from './copy-transactions.js';
import {
  monthNo,
  readAmountMinor,
  readLine,
  readMonth,
  ROW_BYTES,
  writeTransactionRow,
  type TransactionRow,
} from './transaction-row.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

const SEED = 20_211;
const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** Rows over the whole calendar and all amounts that there can be, with the corners first. */
function makeRows(): TransactionRow[] {
  const random = makeRandom(SEED);
  const times = [
    '0001-01-01 00:00:00',
    '9999-12-31 23:59:59.999999',
    '2000-01-01 00:00:00',
    '1999-12-31 23:59:59.000001',
  ];
  for (let made = 0; made < 2_000; made++) {
    const day = `${String(random.between(1, 9999)).padStart(4, '0')}-${twoDigits(random.between(1, 12))}-${twoDigits(random.between(1, 28))}`;
    const time = [23, 59, 59].map((max) => twoDigits(random.between(0, max))).join(':');
    const fraction = random.choose(['', '.5', '.000001', '.123456', '.1203']);
    times.push(`${day} ${time}${fraction}+00`);
  }
  const amounts = [0n, -1n, 1n, 99_999_999_999_999_999n, -99_999_999_999_999_999n];
  return times.map((occurredAt, at) => ({
    id: Array.from({ length: 32 }, () => random.choose([...'0123456789abcdefABCDEF']))
      .join('')
      .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    occurredAt,
    amountMinor: amounts[at] ?? BigInt(random.between(-1e9, 1e9)) * 7_919n,
    line: at === 0 ? 2 ** 40 + 5 : at,
    month: monthNo(Number(occurredAt.slice(0, 4)), Number(occurredAt.slice(5, 7))),
  }));
}

test(`Postgres reads each row as it was written (seed ${SEED})`, async () => {
  const given = makeRows();
  const rows = Buffer.alloc(given.length * ROW_BYTES);
  given.forEach((row, at) => writeTransactionRow(rows, at * ROW_BYTES, row));
  const posting = { importNo: 3, accountId: 2n ** 40n, rows };
  await database.withTransaction(async (trx) => {
    await trx.query("set local time zone 'UTC'");
    await trx.query(
      `create temporary table plain (account_id bigint, import_no integer, id uuid, occurred_at timestamptz, amount_minor bigint,
         line bigint) on commit drop`,
    );
    expect(await copyIn(trx, 'copy plain from stdin (format binary)', encodeTuples([posting]))).toBe(
      given.length,
    );
    const { rows: found } = await trx.query<Record<string, unknown>>(
      `select account_id, import_no, id::text, to_char(occurred_at, 'YYYY-MM-DD HH24:MI:SS.US') as occurred_at, amount_minor,
              line
       from plain order by line = ${2 ** 40 + 5} desc, line`,
    );
    expect(found).toEqual(
      given.map((row) => {
        const [seconds, fraction = ''] = row.occurredAt.replace('+00', '').split('.');
        return {
          account_id: 2n ** 40n,
          import_no: 3,
          id: row.id.toLowerCase(),
          occurred_at: `${seconds}.${fraction.padEnd(6, '0')}`,
          amount_minor: row.amountMinor,
          line: BigInt(row.line),
        };
      }),
    );
  });
  given.forEach((row, at) => {
    expect(readAmountMinor(rows, at * ROW_BYTES)).toBe(row.amountMinor);
    expect(readLine(rows, at * ROW_BYTES)).toBe(row.line);
    expect(readMonth(rows, at * ROW_BYTES)).toBe(row.month);
  });
});
