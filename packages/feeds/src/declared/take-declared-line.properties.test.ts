import { expect, test } from '@jest/globals';
import { makeRecordCursor } from '@passbook/csv';
import { makeRandom } from '@passbook/testing';
import type { Column } from '../feed.js';
import { makeDeclaredRowReader } from './declared-row-reader.js';

const SEEDS = Array.from({ length: 40 }, (_, at) => 300 + at);
const ROWS = 300;

const columns: Column[] = [
  { name: 'number', type: 'integer', constraints: { required: true } },
  { name: 'large', type: 'integer', format: 'int64', constraints: { required: false, minimum: '-5' } },
  { name: 'rate', type: 'number', constraints: { required: true, maximum: '99.5' } },
  { name: 'at', type: 'datetime', constraints: { required: true } },
  { name: 'day', type: 'date', constraints: { required: false } },
  { name: 'name', type: 'string', constraints: { required: true, maxLength: 12 } },
  { name: 'state', type: 'string', constraints: { required: false, enum: ['on', 'off'] } },
  { name: 'code', type: 'string', constraints: { required: false, pattern: '[A-Z]{2}\\d' } },
];

/** Good cells of each column, and cells that are almost good. */
const cells: readonly (readonly string[])[] = [
  [
    '1',
    '-7',
    '0',
    '2147483647',
    '2147483648',
    '-2147483648',
    '+3',
    '007',
    '-0',
    '1.0',
    'z1',
    '',
    '99999999999',
  ],
  ['', '5', '-5', '-6', '9223372036854775807', '9223372036854775808', '123456789012345', '1234567890123456'],
  ['1', '1.50', '-0.5', '99.5', '99.51', '1e3', '.5', '5.', '+1.25', '00.5', '-0', ''],
  [
    '2021-01-31T07:03:21Z',
    '',
    '2021-01-31 07:03:21',
    '2021-02-30T00:00:00Z',
    '2021-01-31T07:03:21+02:00',
    'now',
  ],
  ['', '2024-02-29', '2023-02-29', '01/02/2021'],
  ['a', 'back\\slash', 'tab\there', 'Zürich', 'twelve chars', 'thirteen char', '\ufffd', '\u0007', ' ', ''],
  ['', 'on', 'off', 'On'],
  ['', 'AB1', 'AB', 'ab1'],
];

function makeFile(seed: number): Buffer {
  const random = makeRandom(seed);
  const header = columns.map(({ name }) => name).join();
  const rows = Array.from({ length: ROWS }, () => {
    // Most cells are good, or few rows would be.
    const row = cells.map((choice) => (random.between(0, 9) < 8 ? choice[0]! : random.choose(choice)));
    return random.between(0, 50) === 0 ? row.slice(1).join() : row.join();
  });
  return Buffer.from([header, ...rows, ''].join('\n'));
}

interface Reading {
  faults: unknown[];
  chunks: string[];
  linesTaken: number;
}

function read(bytes: Buffer, isShort: boolean, isCounting = false): Reading {
  const reader = makeDeclaredRowReader(
    columns.map(({ name }) => name),
    { version: 5, timeZone: 'Europe/Berlin', currency: 'USD', windowRows: 1_000 },
    { columns, key: ['number', 'name', 'at'], keepsPayload: false },
    { isCounting },
  );
  const reading: Reading = { faults: [], chunks: [], linesTaken: 0 };
  const cursor = makeRecordCursor();
  const takeAll = (): void => {
    while (cursor.next()) {
      const plain = cursor.plain();
      if (isShort && plain && reader.takeLine(plain)) {
        reading.linesTaken += 1;
        continue;
      }
      const record = cursor.record();
      if (record.line === 1) continue;
      const faults = reader.take(record);
      if (faults) reading.faults.push({ line: record.line, faults });
    }
  };
  cursor.push(bytes);
  takeAll();
  cursor.end();
  takeAll();
  reading.chunks = [...reader.drain()].map(
    ({ key, rows, payload }) => `${key} ${rows}\n${payload.toString()}`,
  );
  return reading;
}

test.each(SEEDS)('a row of file %i is the same by its line and by its cells', (seed) => {
  const bytes = makeFile(seed);
  const [short, long] = [read(bytes, true), read(bytes, false)];
  expect(short.chunks).toEqual(long.chunks);
  expect(short.faults).toEqual(long.faults);
  expect(short.linesTaken).toBeGreaterThan(20);
  expect(long.faults.length).toBeGreaterThan(20);
  // Who only counts finds the same faults, and gathers nothing.
  expect(read(bytes, true, true)).toEqual({ ...short, chunks: [] });
});
