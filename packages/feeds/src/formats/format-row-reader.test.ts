import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeRecordReader } from '@passbook/csv';
import { readTransactionRow, ROW_BYTES } from '@passbook/ledger';
import { makeFeeds } from '../index.js';
import { decodeChunkPayload } from '../transactions/chunk-payload.js';
import { parseFormat } from './format.js';

const [feed] = makeFeeds({ accountNumberKey: 'a key of these tests' });
const header = ['Day', 'Text', 'Amount', 'Balance'];

function makeFormat(columns: object, more: object = {}) {
  return parseFormat(
    'bank',
    JSON.stringify({
      feed: 'transactions',
      description: 'A bank.',
      header,
      columns: {
        account_number: { constant: 'x' },
        transaction_ts: { column: 'Day', pattern: 'yyyy-MM-dd' },
        transaction: { column: 'Amount', decimal: '.' },
        ...columns,
      },
      ...more,
    }),
  );
}

/** Reads rows below the header. @returns `id amount` of those that are taken, or the codes of their faults, by line */
function read(
  rows: readonly string[],
  format = makeFormat({}),
  { timeZone = 'UTC', columns = header }: { timeZone?: string; columns?: readonly string[] } = {},
): Map<number, string> {
  const account = { numberHash: 'ab'.repeat(32), last4: '4321' };
  const chunking = {
    version: 1,
    timeZone,
    currency: 'USD',
    windowRows: 1,
    format: { format, headerLine: 1, account },
  };
  const reader = feed!.makeRowReader(columns, chunking);
  const outcome = new Map<number, string>();
  for (const record of makeRecordReader().push(`${rows.join('\n')}\n`)) {
    const faults = reader.take(record);
    if (faults) outcome.set(record.line, faults.map(({ code, column }) => `${code} ${column}`).join());
  }
  for (const { payload } of reader.drain()) {
    for (const { rows: bytes } of decodeChunkPayload(payload)) {
      for (let at = 0; at < bytes.length; at += ROW_BYTES) {
        const { line, id, amountMinor } = readTransactionRow(bytes, at);
        outcome.set(line, `${id} ${amountMinor}`);
      }
    }
  }
  return outcome;
}

describe('rows', () => {
  test.each([
    ['2021-01-31,Coffee,-3.8,100', / -380$/],
    ['2021-02-29,Coffee,-3.8,100', /^TYPE_DATE Day$/],
    ['31.01.2021,Coffee,-3,8', /^TYPE_DATE Day$/],
    ['2021-01-31,Coffee,-3.805,100', /^PRECISION Amount$/],
    ['2021-01-31,Coffee,"-3,80",100', /^TYPE_AMOUNT Amount$/],
    ['2021-13-31,Coffee,"-3,80",100', /^TYPE_AMOUNT Amount,TYPE_DATE Day$/],
    [',Coffee,,100', /^MISSING_CELL Day,MISSING_CELL Amount$/],
    ['2021-01-31,Coffee,-3.8', /^MISSING_CELL null$/],
    ['2021-01-31,Coffee,-3.8,100,more', /^EXTRA_CELL null$/],
    ['2021-01-31,Cof"fee,-3.8,100', /^QUOTE null$/],
  ])('%s: %s', (row, expected) => {
    expect(read([row]).get(1)).toMatch(expected);
  });

  test('that swallow the next row, for a quotation mark that is not closed, are QUOTE', () => {
    const rows = ['2021-01-31,"Coffee,-3.8,100', '2021-02-01,Tea",-2,98', '2021-02-02,"two\nlines",-1,97'];
    expect([...read(rows).values()]).toEqual(['QUOTE null', expect.stringMatching(/ -100$/)]);
  });

  test('of a day that begins at one o’clock begin then', () => {
    const [row] = read(['2024-09-08,Coffee,-1,1'], makeFormat({}), { timeZone: 'America/Santiago' }).values();
    expect(row).toMatch(/ -100$/);
    const withTime = makeFormat({ transaction_ts: { column: 'Day', pattern: 'yyyy-MM-dd HH:mm' } });
    const skipped = read(['2024-09-08 00:30,Coffee,-1,1'], withTime, { timeZone: 'America/Santiago' });
    expect([...skipped.values()]).toEqual(['TYPE_DATE Day']);
  });

  test.each([
    ['2021-01-31,5.00,0.00,', / 500$/],
    ['2021-01-31,0,3.5,', / -350$/],
    ['2021-01-31,,3.5,', / -350$/],
    ['2021-01-31,5,3.5,', /^TYPE_AMOUNT Text$/],
    ['2021-01-31,,,', /^MISSING_CELL Text$/],
    ['2021-01-31,,-3.5,', /^TYPE_AMOUNT Amount$/],
  ])('have one of credit and debit, the other is empty or zero: %s', (row, expected) => {
    const format = makeFormat({ transaction: { credit: 'Text', debit: 'Amount', decimal: '.' } });
    expect(read([row], format).get(1)).toMatch(expected);
  });

  test('whose id is blank have none: the next one would be taken for it', () => {
    const format = makeFormat({ operation_id: { column: 'Text' } });
    expect([
      ...read(['2021-01-31, ,-1,1', '2021-01-31,  ,-2,1', '2021-01-31,7,-2,1'], format).values(),
    ]).toEqual(['MISSING_CELL Text', 'MISSING_CELL Text', expect.stringMatching(/ -200$/)]);
  });

  test('what leaves the account is negative where the format says that the file has it the other way round', () => {
    const format = makeFormat({ transaction: { column: 'Amount', decimal: '.', negate: true } });
    expect([...read(['2021-01-31,Coffee,3.8,100'], format).values()]).toEqual([
      expect.stringMatching(/ -380$/),
    ]);
  });
});

describe('a row without an id', () => {
  const idsOf = (rows: readonly string[]): string[] => [...read(rows).values()];

  test('has one of its own content: two coffees stay two, however an amount is written', () => {
    const [one, other] = idsOf(['2021-01-31,Coffee,-3.8,100', '2021-01-31,Coffee,-3.80,100']);
    expect(one).not.toBe(other);
    const [again] = idsOf(['2021-01-31, Coffee ,-3.80,100']);
    expect(again).toBe(one);
  });

  test('is another one with another balance, unless the format leaves that column out', () => {
    const rows = ['2021-01-31,Coffee,-3.8,100', '2021-01-31,Coffee,-3.8,96.2'];
    expect(read([rows[0]!]).get(1)).not.toBe(read([rows[1]!]).get(1));
    const format = makeFormat({}, { identity: ['Text'] });
    expect(read([rows[0]!], format).get(1)).toBe(read([rows[1]!], format).get(1));
  });

  test('is the same with a delimiter at the ends of lines, in the header, in the rows or in both', () => {
    const row = '2021-01-31,Coffee,-3.8,100';
    const columns = [...header, ''];
    const ids = [read([row]), read([`${row},`], undefined, { columns }), read([row], undefined, { columns })];
    expect(new Set(ids.map((one) => one.get(1))).size).toBe(1);
  });

  test('any exports of days that overlap give the same ledger as one of all days', () => {
    const day = fc.integer({ min: 1, max: 9 });
    const transaction = fc.record({
      day,
      text: fc.constantFrom('Coffee', 'Tea'),
      cents: fc.integer({ min: 1, max: 3 }),
    });
    const range = fc.tuple(day, day);
    fc.assert(
      fc.property(
        fc.array(transaction, { maxLength: 60 }),
        fc.array(range, { maxLength: 6 }),
        (all, ranges) => {
          const sorted = [...all].sort((a, b) => a.day - b.day);
          const ledgerOf = (from: number, to: number): string[] =>
            idsOf(
              sorted
                .filter((one) => one.day >= from && one.day <= to)
                .map((one) => `2021-01-0${one.day},${one.text},-0.0${one.cents},`),
            );
          const whole = ledgerOf(1, 9);
          expect(new Set(whole).size).toBe(all.length);
          const parts = [
            ...ranges.map(([a, b]) => ledgerOf(Math.min(a, b), Math.max(a, b))),
            ledgerOf(1, 4),
            ledgerOf(4, 9),
          ];
          expect([...new Set(parts.flat())].sort()).toEqual([...whole].sort());
        },
      ),
      { numRuns: 100 },
    );
  });
});
