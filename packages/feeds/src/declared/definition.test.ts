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

const constraints = (type: string, given: object): Record<string, unknown> =>
  column({ type, constraints: { required: true, ...given } });
const reportOf = (...columns: object[]): Record<string, unknown> => ({
  report: { title: 't', fileName: 'a.csv', columns },
});

// Each names the place in the file, what is wrong, and what has to be there.
test.each<[Record<string, unknown>, string]>([
  [{ title: undefined }, 'title: is missing: it has to be a text, in quotation marks'],
  [{ title: '' }, 'title: is empty, and has to be a text'],
  [{ descripton: 'x' }, 'the feed definition: "descripton" is no word here; these are: title, description, '],
  [{ mode: 'merge' }, 'mode: has to be one of "append", "replace", and is "merge"'],
  [{ columns: {} }, 'columns: has to be a list, in [ ], and is an object'],
  [{ columns: [] }, 'columns: is an empty list: it has to have an entry'],
  [
    { columns: [{ name: 'line', type: 'string' }] },
    'columns: line has another meaning: give it another name',
  ],
  [
    { columns: [{ name: 'a"; drop', type: 'string' }] },
    'columns.0.name (a"; drop): "a\\"; drop" is no name here: ',
  ],
  [column({ type: 'text' }), 'columns.0.type (customer_number): has to be one of "string", "integer", '],
  [
    constraints('string', { maxlength: 3 }),
    'columns.0.constraints (customer_number): "maxlength" is no word here; these are: required, ',
  ],
  [
    constraints('string', { maxLength: '25' }),
    'columns.0.constraints.maxLength (customer_number): has to be a number, without quotation marks, and is "25"',
  ],
  [constraints('string', { maxLength: 0 }), 'maxLength (customer_number): has to be 1 or more, and is 0'],
  [
    constraints('string', { pattern: '(' }),
    'constraints.pattern (customer_number): "(" is no regular expression: Unterminated group. ',
  ],
  [
    constraints('integer', { maxLength: 3 }),
    'columns.0 (customer_number): pattern, enum and maxLength are of text, and this is of type integer',
  ],
  [
    constraints('string', { minimum: 3 }),
    'columns.0 (customer_number): minimum and maximum are of an integer or a number, and this is of type string',
  ],
  [
    constraints('number', { minimum: 0.01 }),
    'columns.0.constraints.minimum (customer_number): is a number that JSON need not keep exactly: write it as text, "0.01"',
  ],
  [constraints('integer', { maximum: '0.5' }), 'minimum and maximum of an integer have to be whole numbers'],
  [
    constraints('number', { minimum: '10', maximum: '9.5' }),
    'columns.0 (customer_number): minimum 10 is more than maximum 9.5: no cell would do',
  ],
  [{ key: 'customer_number' }, 'key: has to be a list, in [ ], and is "customer_number"'],
  [{ key: ['nobody'] }, 'key: nobody is none of the columns (customer_number, customer_rating, '],
  [{ key: ['customer_number', 'customer_number'] }, 'key: customer_number stands twice'],
  [column({ type: 'integer' }), 'key: customer_number must be required: write "constraints": '],
  [{ guards: { maxShrinkPercent: 150 } }, 'guards.maxShrinkPercent: has to be 100 or less, and is 150'],
  [{ scope: undefined }, 'scope: is missing, and fileName.pattern has a group (?<scope>…): say what it is'],
  [
    { fileName: { pattern: '^ratings', example: 'ratings.csv' } },
    'scope: fileName.pattern has no group (?<scope>…) that says whose a file is',
  ],
  [{ fileName: { pattern: '(', example: 'x' } }, 'fileName.pattern: "(" is no regular expression'],
  [
    { fileName: { pattern: '^Agency (?<scope>[A-Z])$', example: 'Agency 1.csv' } },
    'fileName.example: Agency 1.csv does not fit fileName.pattern, and has to',
  ],
  [{ mode: 'append' }, 'guards.maxShrinkPercent: a feed that only appends does not shrink: leave it out'],
  [
    reportOf({ name: 'x', value: 'average' }),
    'report.columns.0.value (x): has to be one of "scope", "count", "sum", "invalid", "invalidPercent", and is "average"',
  ],
  [
    reportOf({ name: 'x', value: 'count', column: 'customer_status' }),
    'report.columns.0 (x): needs both column and equals, or neither',
  ],
  [
    reportOf({ name: 'x', value: 'sum', column: 'nobody' }),
    'report.columns.0.column (x): nobody is none of the columns (',
  ],
  [
    reportOf({ name: 'x', value: 'sum', column: 'customer_status' }),
    'report.columns.0.column (x): customer_status is of type string, and only an integer or a number has a sum',
  ],
  [
    reportOf({ name: 'x', value: 'count' }, { name: 'x', value: 'invalid' }),
    'report.columns: x stands twice',
  ],
])('%j is refused: %s', (changes, sentence) => {
  const [head, ...faults] = faultsOf(changes).split('\n');
  expect(head).toBe('The feed definition ratings.json has faults:');
  expect(faults.join('\n')).toContain(sentence);
});

test('what is no list is not also said to be too long', () =>
  expect(faultsOf({ key: 'customer_number' }).split('\n')).toHaveLength(2));

test('the name of a feed is one that Postgres can have', () =>
  expect(faultsOf({}, 'Customer-Ratings')).toContain(
    'the name of the file: "Customer-Ratings" is no name here: it has a letter first, then letters, digits and _',
  ));

test('what is no JSON is told with its line, and what JSON has not', () => {
  const parse = (json: string) => () => parseDefinition('ratings', json);
  expect(parse('{\n  "title": "x",\n}')).toThrow(
    /^The feed definition ratings.json is no JSON: .*line 3.* comma/s,
  );
  expect(parse('')).toThrow('is no JSON');
});

test('a file that an editor began with the mark of its byte order is read', () =>
  expect(parseDefinition('ratings', `\uFEFF${text}`)).toEqual(ratings));
