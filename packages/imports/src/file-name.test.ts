import { expect, test } from '@jest/globals';
import { cutFileName, fitFileName, isIgnoredName, numberFileName } from './file-name.js';
import { makeImportId } from './import-id.js';
import { nameReportFolder } from './report-folder.js';

test.each([
  ['a.csv', 1, 'a.csv'],
  ['a.csv', 2, 'a-2.csv'],
  ['a.b.csv', 3, 'a.b-3.csv'],
  ['a.b.csv.gz', 2, 'a.b-2.csv.gz'],
  ['.csv.gz', 2, '.csv-2.gz'],
  ['no extension', 2, 'no extension-2'],
  ['.hidden', 2, '.hidden-2'],
])('choice %#: %s for the %i. time is %s', (name, n, expected) => {
  expect(numberFileName(name, n)).toBe(expected);
});

test.each(['x', 'ä', '€', '😀'])(
  'a name of many "%s" is cut between characters, so that it can be numbered and have its endings',
  (character) => {
    const name = fitFileName(`${character.repeat(300)}.csv`);
    expect(name).toMatch(/\.csv$/);
    expect(Buffer.from(name).toString()).toBe(name);
    const endings = ['.receipt.json', '.error.json', '.rows.csv'].map(
      (ending) => numberFileName(name, 12) + ending,
    );
    for (const one of [...endings, cutFileName(character.repeat(300), '-12345678')]) {
      expect(Buffer.byteLength(one)).toBeLessThanOrEqual(255);
    }
    // A second number never cuts: two files would meet in one name.
    expect(endings.map((one) => numberFileName(one, 2))).toEqual(
      endings.map((one) => one.replace(/(\.[a-z]+)$/, '-2$1')),
    );
  },
);

test('a name that fits is left as it is', () => {
  expect(fitFileName('a b.csv')).toBe('a b.csv');
  expect(numberFileName('x'.repeat(250), 1)).toBe('x'.repeat(250));
});

test.each([
  ['a.csv', 'a-6f1c3a52'],
  ['a.b.csv', 'a.b-6f1c3a52'],
  ['a.csv.gz', 'a-6f1c3a52'],
  ['.csv', '.csv-6f1c3a52'],
  ['none', 'none-6f1c3a52'],
])('the report folder of %s is %s', (name, folder) => {
  expect(nameReportFolder(name, '6f1c3a52-5d0e-5a7e-9c55-8b1d3c0f4e21')).toBe(folder);
});

test('the id of an import depends on the bytes, the feed and the scope, and on nothing else', () => {
  const id = makeImportId('ab', 'transactions', '');
  expect(id).toBe(makeImportId('ab', 'transactions', ''));
  const others = [
    makeImportId('ac', 'transactions', ''),
    makeImportId('ab', 'trades', ''),
    makeImportId('ab', 'transactions', 'A'),
    makeImportId('ab', null, ''),
  ];
  expect(new Set([id, ...others]).size).toBe(5);
});

test.each([
  ['.x', true],
  ['x.TMP', true],
  ['x.part', true],
  ['x~', true],
  ['x.csv', false],
  ['x.tmp.csv', false],
])('%s is ignored: %s', (name, expected) => {
  expect(isIgnoredName(name)).toBe(expected);
});
