import { expect, test } from '@jest/globals';
import { prefixRows, readChunkRows } from './chunk-rows.js';
import { encodeColumns, escapeCell } from './row-text.js';

const chunk = (rows: number, payload: Buffer) => ({ importNo: 1, chunkNo: 1, rows, payload });
const known = ['a', 'b'];

test('each row gets the number of its import, whatever the size of the pieces', () => {
  const rows = Array.from({ length: 5_000 }, (_, at) => `${at}\t${'x'.repeat(at % 90)}\n`);
  const long = `9\t${'y'.repeat(100_000)}\n`;
  const body = Buffer.from([...rows, long].join(''));
  const text = Buffer.concat([...prefixRows(77, body)]).toString();
  expect(text).toBe([...rows, long].map((row) => `77\t${row}`).join(''));
});

test('a chunk that has fewer rows than its header says is refused', () => {
  const payload = Buffer.concat([encodeColumns(known), Buffer.from('2\t1\tx\n')]);
  expect(readChunkRows(chunk(1, payload), known).columns).toEqual(known);
  expect(() => readChunkRows(chunk(2, payload), known)).toThrow('1 rows where its header announces 2');
});

test.each([
  [Buffer.from('no json\n1\tx\n'), 'names of its columns'],
  [Buffer.from(''), 'names of its columns'],
  [Buffer.from('["a","c"]\n1\tx\n'), 'the columns c, which its feed has not here'],
])('a chunk that is none of the feed is refused', (payload, sentence) =>
  expect(() => readChunkRows(chunk(1, payload), known)).toThrow(sentence),
);

test('what means something to COPY is escaped', () =>
  expect(escapeCell('a\\b\tc\nd\re\\N')).toBe('a\\\\b\\tc\\nd\\re\\\\N'));
