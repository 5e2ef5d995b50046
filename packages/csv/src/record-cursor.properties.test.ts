import assert from 'node:assert/strict';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeRecordCursor } from './record-cursor.js';
import { makeRecordReader, type CsvRecord, type RecordReaderOptions } from './record-reader.js';

/** Compared by node's assert: jest's expect takes most of the time of so many. fast-check prints the seed and the smallest text of a failure. */
const RUNS = { numRuns: 20_000 };

const csvText = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'bc',
        ',',
        ',',
        ';',
        '"',
        '""',
        ',"',
        '",',
        '\n',
        '\n',
        'x,y\n',
        '\r\n',
        'é,z\r\n',
        '\r',
        ' ',
        '€',
        '😀',
      ],
      '\ufeff',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

interface Going {
  records: CsvRecord[];
  plainLines: number;
}

/** Goes over the text, cut into pieces of bytes. Plain lines are cut into cells by their bounds. */
function goOver(bytes: Buffer, pieceBytes: readonly number[], options: RecordReaderOptions): Going {
  const cursor = makeRecordCursor(options);
  const going: Going = { records: [], plainLines: 0 };
  const takeAll = (): void => {
    while (cursor.next()) {
      const plain = cursor.plain();
      const record = cursor.record();
      assert.equal(cursor.size(), record.size);
      if (plain) {
        going.plainLines += 1;
        assert.equal(plain.line, record.line);
        const cells = Array.from({ length: plain.width }, (_, cell) =>
          plain.bytes.toString('utf8', plain.bounds[cell], plain.bounds[cell + 1]! - 1),
        );
        assert.deepEqual(cells, record.cells);
      }
      going.records.push(record);
    }
  };
  let at = 0;
  for (let piece = 0; at < bytes.length; piece++) {
    const size = pieceBytes[piece % pieceBytes.length]!;
    cursor.push(bytes.subarray(at, at + size));
    takeAll();
    at += size;
  }
  cursor.end();
  takeAll();
  return going;
}

test('of any text, cut into any pieces, the cursor finds the records of the record reader', () => {
  let plainLines = 0;
  let others = 0;
  const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
  const options = fc.record({
    delimiter: fc.constantFrom(',', ';'),
    recordCharsMax: fc.constantFrom(5, 20, 1_000),
  });
  fc.assert(
    fc.property(csvText, pieces, options, (text, pieceBytes, given) => {
      const reader = makeRecordReader(given);
      const expected = [...reader.push(text.replace(/^\ufeff/, '')), ...reader.end()];
      const going = goOver(Buffer.from(text), pieceBytes, given);
      assert.deepEqual(going.records, expected);
      plainLines += going.plainLines;
      others += going.records.length - going.plainLines;
    }),
    RUNS,
  );
  // Both ways were gone.
  expect(plainLines).toBeGreaterThan(RUNS.numRuns / 10);
  expect(others).toBeGreaterThan(RUNS.numRuns / 10);
});

test('a file of quoted cells with a plain line now and then is read in order', () => {
  const lines = Array.from({ length: 1_000 }, (_, at) => (at % 7 === 0 ? `${at},plain` : `"${at}","quoted"`));
  const { records, plainLines } = goOver(Buffer.from(`h,i\n${lines.join('\n')}\n`), [4_096], {});
  expect(records.slice(1).map(({ cells, line }) => [cells[0], line])).toEqual(
    lines.map((_, at) => [String(at), at + 2]),
  );
  expect(plainLines).toBeGreaterThan(0);
});

test('bytes that are no UTF-8 are refused', () => {
  const cursor = makeRecordCursor();
  cursor.push(Buffer.from('a,b\nc,\xe9\nd,e\n', 'latin1'));
  expect(cursor.next()).toBe(true);
  expect(cursor.next()).toBe(true);
  expect(() => cursor.record()).toThrow(/encoded data was not valid/);
});
