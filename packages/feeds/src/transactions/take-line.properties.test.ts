import { expect, test } from '@jest/globals';
import { makeRecordCursor } from '@passbook/csv';
import type { Fault } from '@passbook/imports';
import { makeRandom } from '@passbook/testing';
import { generateTransactions } from '../../../../scripts/generate-transactions.mjs';
import { transactionColumns } from './columns.js';
import { makeNumberHasher, makeTransactionRowReader } from './row-reader.js';

/** A hundred thousand rows and more, each file spoiled in its own way; with the slow tests half a million. */
const ACCOUNTS_MAX = process.env['TEST_FAULTS'] === 'all' ? 400 : 100;
const SEEDS = Array.from({ length: 24 }, (_, at) => 7_000 + at);
const SPOILT_ONE_IN = 12;

/** Characters that mean something somewhere, and some that do not. */
const awkward = [...'09,,""\r\n\n-+:. Tt;\0\t/AZazgé€\ufffd\u0085'];

function spoil(text: string, seed: number): Buffer {
  const random = makeRandom(seed);
  const characters = [...text];
  const headerEnd = text.indexOf('\n') + 1;
  const place = (): number => random.between(headerEnd, characters.length - 1);
  for (let left = Math.floor(text.split('\n').length / SPOILT_ONE_IN); left > 0; left--)
    characters[place()] = random.between(0, 2) === 0 ? characters[place()]! : random.choose(awkward);
  return Buffer.from(characters.join(''));
}

interface Reading {
  faults: { line: number; faults: Fault[] }[];
  payloads: string[];
  linesTaken: number;
}

/** Reads a file by its plain lines where that can be, or by its records alone. */
function read(
  bytes: Buffer,
  options: { timeZone: string; currency: string; columns: readonly string[] },
  isShort: boolean,
): Reading {
  const rows = makeTransactionRowReader(
    options.columns,
    { version: 4, windowRows: 5_000, ...options },
    makeNumberHasher('a key for tests'),
  );
  const reading: Reading = { faults: [], payloads: [], linesTaken: 0 };
  const endWindow = (): void => {
    for (const piece of rows.drain())
      reading.payloads.push(`${piece.key} ${piece.rows} ${piece.payload.toString('base64')}`);
  };
  const cursor = makeRecordCursor();
  let records = 0;
  const takeAll = (): void => {
    while (cursor.next()) {
      records += 1;
      if (records === 1) continue;
      const plain = cursor.plain();
      if (isShort && plain && rows.takeLine(plain)) reading.linesTaken += 1;
      else {
        const { line, ...record } = cursor.record();
        const faults = rows.take({ line, ...record });
        if (faults) reading.faults.push({ line, faults });
      }
      if (records % 5_000 === 0) endWindow();
    }
  };
  for (let at = 0; at < bytes.length; at += 65_536) {
    cursor.push(bytes.subarray(at, at + 65_536));
    takeAll();
  }
  cursor.end();
  takeAll();
  endWindow();
  return reading;
}

const columns = transactionColumns.map(({ name }) => name);

test.each(SEEDS)('the short way of a row gives what the long way gives (seed %i)', (seed) => {
  const random = makeRandom(seed);
  const options = {
    timeZone: random.choose([
      'UTC',
      'Europe/Berlin',
      'Asia/Kathmandu',
      'America/New_York',
      'Australia/Lord_Howe',
    ]),
    currency: random.choose(['USD', 'JPY', 'KWD']),
    columns,
  };
  const text = [
    ...generateTransactions({
      accounts: random.between(1, ACCOUNTS_MAX),
      operations: 60,
      seed,
      bad: random.choose([0, 0.02]),
      eol: random.choose(['crlf', 'lf']),
    }),
  ].join('');
  const bytes = random.between(0, 3) === 0 ? Buffer.from(text) : spoil(text, seed);
  const long = read(bytes, options, false);
  const short = read(bytes, options, true);
  expect(short.faults).toEqual(long.faults);
  expect(short.payloads).toEqual(long.payloads);
  // With another number of decimals most amounts have faults.
  if (options.currency !== 'JPY') expect(short.linesTaken).toBeGreaterThan(0);
});

test('columns in another order are read alike, neighbours or not', () => {
  const shuffle = (order: readonly number[]): string[] => order.map((at) => columns[at]!);
  const text = [...generateTransactions({ accounts: 20, operations: 50, seed: 5, eol: 'lf' })].join('');
  const rowsOf = (order: readonly number[]): Buffer =>
    Buffer.from(
      text
        .split('\n')
        .filter((line) => line !== '' && !line.includes('"'))
        .map((line) => order.map((at) => line.split(',')[at]!).join())
        .join('\n') + '\n',
    );
  const zone = { timeZone: 'UTC', currency: 'USD' };
  const expected = read(rowsOf([0, 1, 2, 3, 4, 5, 6, 7, 8]), { ...zone, columns }, false);
  for (const [order, isShort] of [
    [[8, 5, 4, 3, 2, 1, 0, 7, 6], true],
    [[6, 0, 1, 2, 7, 3, 4, 5, 8], false],
  ] as const) {
    const reading = read(rowsOf(order), { ...zone, columns: shuffle(order) }, true);
    expect(reading.payloads).toEqual(expected.payloads);
    expect(reading.linesTaken > 500).toBe(isShort);
  }
});
