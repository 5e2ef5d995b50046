import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { encodeCsvRecord } from './encode-csv-record.js';
import { makeRecordReader } from './record-reader.js';

describe('encodeCsvRecord', () => {
  test.each<[string[], string]>([
    [['a', 'b'], 'a,b'],
    [['a,b', 'c'], '"a,b",c'],
    [['say "a"'], '"say ""a"""'],
    [['a\nb', 'a\rb', 'a\r\nb'], '"a\nb","a\rb","a\r\nb"'],
    [[' a', 'a ', 'a b', '\ta'], '" a","a ",a b,"\ta"'],
    [['\ufeffa', 'b'], '"\ufeffa",b'],
    [[''], '""'],
    [['', ''], ','],
    [['é😀', "it's; ok"], "é😀,it's; ok"],
  ])('writes %j with quotation marks only where they are needed', (cells, expected) => {
    expect(encodeCsvRecord(cells)).toBe(`${expected}\r\n`);
  });

  test('writes what is read again as it was, here and by csv-parse', () => {
    const cell = fc
      .array(fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\t', 'é', '😀', '\ufeff', '\0'), {
        maxLength: 6,
      })
      .map((parts) => parts.join(''));
    const file = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(file, (records) => {
        const text = records.map((cells) => encodeCsvRecord(cells)).join('');
        const reader = makeRecordReader();
        // Jest's expect takes most of the time of so many.
        assert.deepEqual(
          [...reader.push(text), ...reader.end()].map(({ cells }) => cells),
          records,
        );
        assert.deepEqual(
          parse(text, { relax_column_count: true, record_delimiter: '\r\n', bom: true }),
          records,
        );
      }),
      { numRuns: 5_000 },
    );
  });
});
