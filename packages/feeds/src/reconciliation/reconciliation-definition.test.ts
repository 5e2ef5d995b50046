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

test.each([
  [{ eligible: [{ column: 'amount' }] }, 'needs one of above, atLeast, below, atMost, in, notIn'],
  [{ eligible: [{ column: 'amount', above: 1, below: '2' }] }, 'needs one of above'],
  [{ eligible: [{ column: 'amount', above: '1,000' }] }, 'is not a decimal number'],
  [{ eligible: [{ column: 'amount', over: 1 }] }, 'over'],
  [{ eligible: [{ column: 'region', in: [] }] }, 'reconciliation.eligible.0.in'],
  [{ compares: [] }, 'reconciliation.compares'],
  [{ eligible: [{ column: 'region', in: ['E\0U'] }] }, 'has a NUL, or half of a character'],
  [{ exactTexts: 'yes' }, 'reconciliation.exactTexts'],
])('%j is refused', (change, fault) => {
  expect(() => define(change)).toThrow(fault);
});

test.each([
  [{ repository: 'gtr' }, 'repository: there is no feed gtr'],
  [{ repository: 'customer_transactions' }, 'repository: customer_transactions is reconciled twice'],
  [{ compares: ['status'] }, 'compares: status is no column of gtr_report'],
  [{ compares: ['amount', 'amount'] }, 'compares: amount is named twice'],
  [{ compares: ['none'] }, 'compares: none is no column of customer_transactions'],
  [{ eligible: [{ column: 'none', in: ['a'] }] }, 'eligible: none is none of the columns'],
  [{ eligible: [{ column: 'region', above: 1 }] }, 'eligible: above is of a number, and region is string'],
  [{ eligible: [{ column: 'amount', in: ['1'] }] }, 'eligible: in is of text, and amount is number'],
  [
    { eligible: [{ column: 'timestamp', above: 1 }] },
    'eligible: above is of a number, and timestamp is datetime',
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
  expect(faults(other).map((fault) => fault.split('gtr_report ')[1])).toEqual([
    'replaces its rows, and must append',
    'has more than one column',
    'has a report of its own, and gets that of the reconciliation',
  ]);
  expect(faults(byAmount)[0]).toContain('the keys of both must be of one type, not string and number');
});
