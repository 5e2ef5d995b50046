import { expect, test } from '@jest/globals';
import { statementCalendar } from './statement-calendar.js';
import { makeMonthSums } from './statement-months.js';

const id = '9eedccfe-83fa-4166-b8ad-9b72b0e5f1df';

function sum(timeZone: string, transactions: [occurredAt: string, amountMinor: bigint][]) {
  const sums = makeMonthSums(statementCalendar('en-US', timeZone));
  for (const [occurredAt, amountMinor] of transactions) sums.add({ id, occurredAt, amountMinor });
  return sums.months();
}

test('has each month with a transaction, the earliest first, however they come', () => {
  expect(
    sum('UTC', [
      ['2021-01-31T23:59:59.999999Z', 5n],
      ['2022-01-01T00:00:00Z', -3n],
      ['2020-12-01T00:00:00Z', 1n],
      ['2021-01-01T00:00:00Z', -7n],
      ['2021-01-15T12:00:00Z', -1n],
    ]),
  ).toEqual([
    { month: '2020-12', count: 1, credits: 1n, creditCount: 1, debits: 0n, debitCount: 0 },
    { month: '2021-01', count: 3, credits: 5n, creditCount: 1, debits: -8n, debitCount: 2 },
    { month: '2022-01', count: 1, credits: 0n, creditCount: 0, debits: -3n, debitCount: 1 },
  ]);
});

test('counts an amount of zero, which is neither credit nor debit', () => {
  expect(sum('UTC', [['2021-01-01T00:00:00Z', 0n]])).toEqual([
    { month: '2021-01', count: 1, credits: 0n, creditCount: 0, debits: 0n, debitCount: 0 },
  ]);
});

test.each([
  ['UTC', ['2021-10', '2021-11']],
  ['America/New_York', ['2021-10']],
  ['Asia/Kathmandu', ['2021-11']],
])('months begin at midnight of the time zone: in %s', (timeZone, months) => {
  const shown = sum(timeZone, [
    ['2021-10-31T20:00:00Z', 1n],
    ['2021-11-01T02:00:00Z', 1n],
  ]);
  expect(shown.map(({ month }) => month)).toEqual(months);
});

test('is exact beyond what a float holds', () => {
  const [month] = sum('UTC', [
    ['2021-01-01T00:00:00Z', 2n ** 62n],
    ['2021-01-01T00:00:00Z', 2n ** 62n + 1n],
  ]);
  expect(month!.credits).toBe(2n ** 63n + 1n);
});

test('nothing has no month', () => expect(sum('UTC', [])).toEqual([]));
