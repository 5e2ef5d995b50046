import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { parseDefinition, type FeedDefinition } from '../declared/definition.js';
import { findReconciliationFaults } from './reconciliation-definition.js';

let customers: string;
let repository: FeedDefinition;
beforeAll(async () => {
  customers = await readFile('feed-definitions/customer_transactions.json', 'utf8');
  repository = parseDefinition('gtr_report', await readFile('feed-definitions/gtr_report.json', 'utf8'));
});

/** The definition with another reconciliation. */
const define = (change: object): FeedDefinition => {
  const given = JSON.parse(customers) as { reconciliation: object };
  return parseDefinition(
    'customer_transactions',
    JSON.stringify({ ...given, reconciliation: { ...given.reconciliation, ...change } }),
  );
};

const noneOfThem =
  'no column of customer_transactions, which has transaction_id, timestamp, amount, currency, instrument_type, region, trade_type, status';

const rulePlace = 'reconciliation.eligible.0';

test.each([
  [
    { eligible: [{ column: 'amount' }] },
    `${rulePlace} (amount): needs one of above, atLeast, below, atMost, in, notIn, and no more than one`,
  ],
  [{ eligible: [{ column: 'amount', above: 1, below: '2' }] }, `${rulePlace} (amount): needs one of above`],
  [
    { eligible: [{ column: 'amount', above: '1,000' }] },
    `${rulePlace}.above (amount): "1,000" is no number: write it as "-1234.50", with at most 30 digits and 20 decimals`,
  ],
  [
    { eligible: [{ column: 'amount', above: 1000000.01 }] },
    `${rulePlace}.above (amount): is a number that JSON need not keep exactly: write it as text, "1000000.01"`,
  ],
  [
    { eligible: [{ column: 'amount', atMost: 2 ** 60 }] },
    `${rulePlace}.atMost (amount): is a number that JSON need not keep exactly: write it as text, with all its digits`,
  ],
  [
    { eligible: [{ column: 'amount', above: true }] },
    `${rulePlace}.above (amount): has to be a number, with decimals as text ("1234.50"), and is true`,
  ],
  [
    { eligible: [{ column: 'amount', over: 1 }] },
    `${rulePlace} (amount): "over" is no word here; these are: column, above, atLeast, below, atMost, in, notIn`,
  ],
  [{ eligible: [{ above: 1 }] }, `${rulePlace}.column: is missing: it has to be a text`],
  [{ eligible: [{ column: 'region', in: [] }] }, `${rulePlace}.in (region): is an empty list`],
  [
    { eligible: [{ column: 'region', in: 'EU' }] },
    `${rulePlace}.in (region): has to be a list, in [ ], and is "EU"`,
  ],
  [
    { eligible: [{ column: 'region', in: ['EU', 1] }] },
    `${rulePlace}.in.1: has to be a text, in quotation marks, and is 1`,
  ],
  [{ eligible: [{ column: 'region', in: ['E\0U'] }] }, 'has a NUL, or half of a character: take it out'],
  [
    { eligible: Array.from({ length: 21 }, () => ({ column: 'amount', above: 1 })) },
    'reconciliation.eligible: has 21 entries, and may have 20 at most',
  ],
  [{ compares: [] }, 'reconciliation.compares: is an empty list: it has to have an entry'],
  [
    { exactTexts: 'yes' },
    'reconciliation.exactTexts: has to be true or false, without quotation marks, and is "yes"',
  ],
])('%j is refused', (change, fault) => {
  expect(() => define(change)).toThrow(fault);
});

test.each([
  [{ repository: 'gtr' }, 'repository: there is no feed gtr; declared are customer_transactions, gtr_report'],
  [
    { repository: 'customer_transactions' },
    'repository: customer_transactions is reconciled twice, and may be a side of one reconciliation only',
  ],
  [
    { compares: ['status'] },
    'compares: status is no column of gtr_report, which has reported_id, timestamp, amount, currency, instrument_type, region, trade_type, reported_status',
  ],
  [{ compares: ['amount', 'amount'] }, 'compares: amount is named twice'],
  [{ compares: ['none'] }, `compares: none is ${noneOfThem}`],
  [{ eligible: [{ column: 'none', in: ['a'] }] }, `eligible.0.column: none is ${noneOfThem}`],
  [{ eligible: [{ column: 'region', above: 1 }] }, 'eligible.0.above: is of a number, and region is string'],
  [{ eligible: [{ column: 'amount', in: ['1'] }] }, 'eligible.0.in: is of text, and amount is number'],
  [
    { eligible: [{ column: 'timestamp', above: 1 }] },
    'eligible.0.above: is of a number, and timestamp is datetime',
  ],
])('%j does not go with the definitions', (change, fault) => {
  expect(findReconciliationFaults([define(change), repository])).toContain(
    `customer_transactions.json: reconciliation.${fault}`,
  );
});

test('the repository has to append, with one key of the same type and no report of its own', () => {
  const other: FeedDefinition = {
    ...repository,
    mode: 'replace',
    key: ['reported_id', 'region'],
    report: { title: 'r', fileName: 'r.csv', columns: [{ name: 'n', value: 'count' }] },
  };
  const byAmount: FeedDefinition = { ...repository, key: ['amount'] };
  const faults = (one: FeedDefinition): string[] => findReconciliationFaults([define({}), one]);
  expect(faults(repository)).toEqual([]);
  expect(faults(other).map((fault) => fault.split(/gtr_report(?: |\.json$)/)[1])).toEqual([
    'replaces its rows, and must append: write "mode": "append" in ',
    'has more than one column, and has to be one: the id of a trade',
    'has a report of its own, and gets that of the reconciliation: leave report out of ',
  ]);
  expect(faults(byAmount)[0]).toContain('the keys of both must be of one type, not string and number');
});
