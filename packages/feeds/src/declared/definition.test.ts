import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { nameScope, parseDefinition, readFileName } from './definition.js';

const text = readFileSync(new URL('../../../../feed-definitions/ratings.json', import.meta.url), 'utf8');
const ratings = parseDefinition('ratings', text);
const parts = JSON.parse(text) as Record<string, unknown>;

const faultsOf = (changes: Record<string, unknown>, name = 'ratings'): string => {
  try {
    parseDefinition(name, JSON.stringify({ ...parts, ...changes }));
    return '';
  } catch (err) {
    return (err as Error).message;
  }
};

test.each([
  ['Customer Rating Agency A Inc.csv', 'A'],
  ['customer rating agency b inc.CSV', 'B'],
  ['Customer Rating Agency C Inc-2.csv', 'C'],
  ['Customer Rating Agency D Inc 20240531.csv.gz', 'D'],
  ['Customer Rating Agency E Inc.csv', 'E'],
  ['Customer Rating Agency Inc.csv', null],
  ['Customer Rating Agency AB Inc.csv', null],
  ['Copy of Customer Rating Agency A Inc.csv', null],
])('the name %s is of agency %s', (fileName, agency) => expect(readFileName(ratings, fileName)).toBe(agency));

test('an agency is called as its file', () =>
  expect(nameScope(ratings, 'A')).toBe('Customer Rating Agency A Inc'));

test('all faults of a definition are told at once', () => {
  const faults = faultsOf({ mode: 'merge', key: [], more: 1 });
  expect(faults).toContain('mode');
  expect(faults).toContain('key');
  expect(faults).toContain('more');
});

const column = (more: object): Record<string, unknown> => ({
  columns: [{ name: 'customer_number', ...more }],
  report: undefined,
});

test.each<[Record<string, unknown>, string]>([
  [{ key: ['nobody'] }, 'nobody is none of the columns'],
  [column({ type: 'integer' }), 'customer_number must be required'],
  [column({ type: 'integer', constraints: { required: true, maxLength: 3 } }), 'are of text only'],
  [
    column({ type: 'string', constraints: { required: true, minimum: 3 } }),
    'are of an integer or a number only',
  ],
  [{ columns: [{ name: 'line', type: 'string' }] }, 'line has another meaning'],
  [{ columns: [{ name: 'a"; drop', type: 'string' }] }, 'is not of a-z'],
  [{ scope: undefined }, 'scope: needs both'],
  [{ mode: 'append' }, 'does not shrink'],
  [{ fileName: { pattern: '(', example: 'x' } }, 'is no regular expression'],
])('%j is refused: %s', (changes, sentence) => expect(faultsOf(changes)).toContain(sentence));

test('the name of a feed is one that Postgres can have', () =>
  expect(faultsOf({}, 'Customer-Ratings')).toContain('its name is not of a-z'));
