import { describe, expect, test } from '@jest/globals';
import { formatAmount } from '@passbook/ledger';
import { assert, bigInt, boolean, property, string } from 'fast-check';
import type { StatementFigures, StatementTransaction } from './statement-figures.js';
import {
  sampleAccount as account,
  sampleFigures as figuresOf,
  sampleId as id,
  sampleTransaction,
} from './statement-figures.fixture.js';
import { makeStatementJson } from './statement-json.js';

const transaction = (amountMinor: bigint): StatementTransaction =>
  sampleTransaction(amountMinor, '2021-01-31T23:30:00.000001Z');

function textOf(figures: StatementFigures, transactions: readonly StatementTransaction[] = []): string {
  const json = makeStatementJson(figures);
  return json.head + transactions.map((one, at) => json.transaction(one, at === 0)).join('') + json.tail;
}

const read = (figures: StatementFigures, transactions: readonly StatementTransaction[] = []) =>
  JSON.parse(textOf(figures, transactions)) as Record<string, unknown>;

test('has the keys that programs rely on, in this order, the transactions last', () => {
  const json = read(figuresOf(), [transaction(-5n)]);
  expect(Object.entries(json).map(([key, value]) => [key, keysOf(value)])).toEqual([
    ['import', ['id', 'file']],
    ['account', ['id', 'last4', 'type', 'currency']],
    ['client', ['name', 'email']],
    ['openingBalance', []],
    ['closingBalance', []],
    ['totalCredits', []],
    ['totalDebits', []],
    ['transactionCount', []],
    ['creditCount', []],
    ['debitCount', []],
    ['averageCredit', []],
    ['averageDebit', []],
    ['months', ['month', 'count', 'credits', 'debits', 'averageCredit', 'averageDebit']],
    ['transactions', ['id', 'occurredAt', 'amount']],
  ]);
});

/** The keys of an object, or of the first one of a list. */
function keysOf(value: unknown): string[] {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'object' && one !== null ? Object.keys(one) : [];
}

test('says what the figures say: amounts as decimal text, debits negative, counts as numbers', () => {
  expect(read(figuresOf(), [transaction(1255n), transaction(-5n), transaction(0n)])).toEqual({
    import: { id, file: 'a.csv' },
    account,
    client: { name: 'Janet Shields', email: 'janet@example.com' },
    openingBalance: '10.00',
    closingBalance: '12.55',
    totalCredits: '12.55',
    totalDebits: '-10.00',
    transactionCount: 6,
    creditCount: 2,
    debitCount: 3,
    averageCredit: '6.28',
    averageDebit: '-3.33',
    months: [
      {
        month: '2021-01',
        count: 4,
        credits: '12.55',
        debits: '-5.00',
        averageCredit: '6.28',
        averageDebit: '-5.00',
      },
      {
        month: '2022-01',
        count: 2,
        credits: '0.00',
        debits: '-5.00',
        averageCredit: null,
        averageDebit: '-2.50',
      },
    ],
    transactions: ['12.55', '-0.05', '0.00'].map((amount) => ({
      id,
      occurredAt: '2021-01-31T23:30:00.000001Z',
      amount,
    })),
  });
});

type Sums = [credits: bigint, count: number, debits: bigint, count: number];

describe('an average', () => {
  test.each<[string, string, Sums, string | null, string | null]>([
    ['is rounded half away from zero', 'USD', [125n, 2, -125n, 2], '0.63', '-0.63'],
    ['below half is rounded to zero', 'USD', [124n, 250, -124n, 250], '0.00', '0.00'],
    ['is of its own kind: a zero amount is neither', 'USD', [100n, 1, -100n, 1], '1.00', '-1.00'],
    ['of nothing is null', 'USD', [0n, 0, 0n, 0], null, null],
    ['of credits stays where there are no debits', 'USD', [300n, 2, 0n, 0], '1.50', null],
    ['of yen has no decimals', 'JPY', [5n, 2, -1000n, 3], '3', '-333'],
    ['of dinars has three', 'KWD', [5n, 2, -1000n, 3], '0.003', '-0.333'],
    ['of forints has two, as ISO 4217 says', 'HUF', [5n, 2, -1000n, 3], '0.03', '-3.33'],
    [
      'is exact beyond what a float holds',
      'USD',
      [9_007_199_254_740_993n * 3n, 3, -(10n ** 30n) - 1n, 1],
      '90071992547409.93',
      '-10000000000000000000000000000.01',
    ],
  ])('%s (%s)', (_what, currency, [credits, creditCount, debits, debitCount], credit, debit) => {
    const figures = figuresOf({
      account: { ...account, currency },
      totalCreditsMinor: credits,
      creditCount,
      totalDebitsMinor: debits,
      debitCount,
      transactionCount: creditCount + debitCount + 5,
      months: [{ month: '2021-01', count: 9, credits, creditCount, debits, debitCount }],
    });
    const averages = { averageCredit: credit, averageDebit: debit };
    expect(read(figures)).toMatchObject({ ...averages, months: [averages] });
  });
});

test('without transactions is valid, too', () => {
  expect(read(figuresOf({ transactionCount: 0, months: [] }))).toMatchObject({
    months: [],
    transactions: [],
  });
});

test.each([0, 1, 2])('is laid out as JSON itself would, but for the transactions (%d months)', (months) => {
  const figures = figuresOf({ months: figuresOf().months.slice(0, months) });
  const { transactions, ...others } = read(figures);
  expect(transactions).toEqual([]);
  expect(makeStatementJson(figures).head).toBe(
    `${JSON.stringify(others, null, 2).slice(0, -2)},\n  "transactions": [`,
  );
});

test('is the text that JSON itself would write, one transaction on a line', () => {
  const figures = figuresOf({ client: { name: `"\\\n\u2028</script>\u202e`, email: null } });
  const text = textOf(figures, [transaction(1n), transaction(2n)]);
  expect(text.split('\n').filter((line) => line.includes('occurredAt'))).toHaveLength(2);
  expect(text.endsWith('}\n')).toBe(true);
  expect(JSON.parse(text)).toMatchObject({ client: figures.client });
});

test('a transaction is what JSON itself would write', () => {
  const json = makeStatementJson(figuresOf());
  assert(
    property(string({ unit: 'binary' }), bigInt(), boolean(), (anyId, amountMinor, isFirst) => {
      const occurredAt = '2021-01-31T23:30:00.5Z';
      const written = JSON.stringify({ id: anyId, occurredAt, amount: formatAmount(amountMinor, 2) });
      expect(json.transaction({ id: anyId, occurredAt, amountMinor }, isFirst)).toBe(
        `${isFirst ? '' : ','}\n    ${written}`,
      );
    }),
  );
});

test('of a currency that is none is an error', () => {
  expect(() => makeStatementJson(figuresOf({ account: { ...account, currency: 'XXX' } }))).toThrow(
    RangeError,
  );
});
