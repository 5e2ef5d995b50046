import { expect, test } from '@jest/globals';
import { cutFileName, numberFileName } from './file-name.js';
import { makeImportId } from './import-id.js';
import { nameReportFolder } from './report-folder.js';

test.each([
  ['a.csv', 1, 'a.csv'],
  ['a.csv', 2, 'a-2.csv'],
  ['a.b.csv', 3, 'a.b-3.csv'],
  ['no extension', 2, 'no extension-2'],
  ['.hidden', 2, '.hidden-2'],
])('choice %#: %s for the %i. time is %s', (name, n, expected) => {
  expect(numberFileName(name, n)).toBe(expected);
});

test.each(['x', 'ä', '€', '😀'])('names of many "%s" are cut between characters, with room for what is put behind them', (character) => {
  for (const name of [numberFileName(`${character.repeat(300)}.csv`, 12), cutFileName(character.repeat(300), '-12345678')]) {
    expect(Buffer.byteLength(`.passbook-00000000-0000-0000-0000-000000000000.${name}`)).toBeLessThanOrEqual(255);
    expect(name).not.toContain('\ufffd');
    expect(Buffer.from(name).toString()).toBe(name);
  }
});

test.each([
  ['a.csv', 'a-6f1c3a52'],
  ['a.b.csv', 'a.b-6f1c3a52'],
  ['.csv', '.csv-6f1c3a52'],
  ['none', 'none-6f1c3a52'],
])('the report folder of %s is %s', (name, folder) => {
  expect(nameReportFolder(name, '6f1c3a52-5d0e-5a7e-9c55-8b1d3c0f4e21')).toBe(folder);
});

test('the id of an import depends on the bytes, the feed and the scope, and on nothing else', () => {
  const id = makeImportId('ab', 'transactions', '');
  expect(id).toBe(makeImportId('ab', 'transactions', ''));
  const others = [makeImportId('ac', 'transactions', ''), makeImportId('ab', 'trades', ''), makeImportId('ab', 'transactions', 'A'), makeImportId('ab', null, '')];
  expect(new Set([id, ...others]).size).toBe(5);
});
