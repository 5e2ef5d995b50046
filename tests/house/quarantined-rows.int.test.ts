import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { newAccountNumber, transactionRow, transactionsHeader, type TestDatabase } from '@passbook/testing';
import { parse } from 'csv-parse/sync';
import { makeTestHouse, type TestHouse, useTestHouses } from './make-test-house.js';

let database: TestDatabase;
let house: TestHouse;
useTestHouses((made) => void ({ house, database } = made));

const readRowsFile = (name: string): Promise<string> =>
  readFile(join(house.config.QUARANTINE_DIR, `${name}.rows.csv`), 'utf8');

/** The rows of a rows.csv, strictly read, by the names of its columns. */
const readRows = async (name: string): Promise<Record<string, string>[]> =>
  parse(await readRowsFile(name), { columns: true });

/** One row of each fault, as it is told. */
const bad: [code: string, column: string, row: string][] = [
  ['MISSING_CELL', 'transaction', transactionRow().split(',').slice(0, 8).join(',')],
  ['MISSING_CELL', 'email', transactionRow({ email: '' })],
  ['EXTRA_CELL', '', `${transactionRow()},more`],
  ['TYPE_AMOUNT', 'transaction', transactionRow({ amount: '12x' })],
  ['AMBIGUOUS_DECIMAL', 'transaction', transactionRow({ amount: '"1,234"' })],
  ['RANGE', 'transaction', transactionRow({ amount: '12345678901234' })],
  ['TYPE_DATE', 'transaction_ts', transactionRow({ time: '2021-13-01 00:00:00' })],
  ['AMBIGUOUS_DATE', 'transaction_ts', transactionRow({ time: '01/02/2021 00:00:00' })],
  ['TYPE_ID', 'operation_id', transactionRow({ id: 'not-a-uuid' })],
  ['TYPE_VALUE', 'type', transactionRow({ type: 'Credit' })],
  ['PRECISION', 'transaction', transactionRow({ amount: '1.005' })],
  ['ACCOUNT', 'account_number', transactionRow({ account: '42' })],
  ['EMAIL', 'email', transactionRow({ email: 'nobody' })],
  ['ENCODING', 'last_name', transactionRow({ last: 'M\ufffdller' })],
  ['CONTROL_CHARACTER', 'first_name', transactionRow({ first: 'An\0n' })],
  ['ROW_TOO_LARGE', '', `${'x'.repeat(300_000)}`],
  ['QUOTE', '', transactionRow({ first: 'An"n' })],
];

describe('a row that cannot be posted', () => {
  test('is set apart with its line, column, code and message, and the others are posted', async () => {
    const rows = [transactionRow(), ...bad.map(([, , row]) => row), transactionRow()];
    const { receipt } = await house.importRows(rows, 'with faults.csv');
    expect(receipt).toMatchObject({
      rowsRead: bad.length + 2,
      rowsPosted: 2,
      rowsQuarantined: bad.length,
    });
    const records = await readRows('with faults.csv');
    expect(Object.keys(records[0]!).join()).toBe(
      `${transactionsHeader},_import,_line,_column,_code,_message,_text`,
    );
    expect(records.map((one) => [one['_code'], one['_column'], one['_line']])).toEqual(
      bad.map(([code, column], at) => [code, column, String(at + 3)]),
    );
    for (const one of records) expect(one['_message']!.length).toBeGreaterThan(10);
    const cellsOf = (one: Record<string, string>): string => Object.values(one).slice(0, 9).join();
    for (const [at, [code, , row]] of bad.entries()) {
      // A row that could not be cut into cells is there as text.
      const isText = ['EXTRA_CELL', 'QUOTE', 'ROW_TOO_LARGE'].includes(code);
      const { _text: text } = records[at]!;
      const found = isText
        ? [text, cellsOf(records[at]!)]
        : [`"${text}"`, cellsOf(records[at]!).replaceAll(',', '')];
      const expected = isText ? [row.slice(0, 262_144), ',,,,,,,,'] : ['""', row.replaceAll(/[,"]/g, '')];
      expect([code, ...found]).toEqual([code, ...expected]);
    }
  });

  test('has all its faults told, each sentence once', async () => {
    await house.importRows(
      ['1,2,3', transactionRow({ first: '', last: '', amount: '-500,00'.replace(',', ';') })],
      'many.csv',
    );
    const [short, empty] = await readRows('many.csv');
    expect(short!['_code']).toBe(
      'MISSING_CELL;MISSING_CELL;MISSING_CELL;MISSING_CELL;MISSING_CELL;MISSING_CELL',
    );
    expect(short!['_message']).toBe(
      'dob, email, type, operation_id, transaction_ts, transaction: The row has 3 cells, the header 9.',
    );
    expect(empty!['_column']).toBe('first_name;last_name;transaction');
    expect(empty!['_message']).toMatch(/^first_name, last_name: The cell is empty\. transaction: Write/);
  });

  test('is not passed over because it looks like a comment, a total or the header again', async () => {
    const rows = ['# exported on Monday', transactionRow(), transactionsHeader, 'Total,,,,,,,,1.00', '---'];
    const { receipt } = await house.importRows(rows, 'footer.csv');
    expect(receipt).toMatchObject({ rowsRead: 5, rowsPosted: 1, rowsQuarantined: 4 });
    expect((await readRows('footer.csv')).map((one) => one['_line'])).toEqual(['2', '4', '5', '6']);
  });

  test('because its id is taken by another transaction is a CONFLICT, by the same one a DUPLICATE', async () => {
    const same = { account: newAccountNumber(), id: randomUUID() };
    const rows = ['1', '1', '2'].map((amount) => transactionRow({ ...same, amount }));
    const { receipt, importNo } = await house.importRows(rows, 'conflict.csv');
    expect(receipt).toMatchObject({ rowsPosted: 1, rowsDuplicate: 1, rowsQuarantined: 1 });
    expect(await readRowsFile('conflict.csv')).toContain(',4,operation_id,CONFLICT,');
    const { rows: exceptions } = await database.query(
      `select line::int, faults->0->>'code' as code from import_exceptions where import_no = $1 order by line`,
      [importNo],
    );
    expect(exceptions).toEqual([
      { line: 3, code: 'DUPLICATE' },
      { line: 4, code: 'CONFLICT' },
    ]);
  });

  test('because its account is in another CURRENCY is set apart', async () => {
    const account = newAccountNumber();
    await house.importRows([transactionRow({ account })]);
    const euros = await makeTestHouse(database, { settings: { CURRENCY: 'EUR' } });
    try {
      const { receipt } = await euros.importRows(
        [transactionRow({ account }), transactionRow()],
        'euros.csv',
      );
      expect(receipt).toMatchObject({ rowsPosted: 1, rowsQuarantined: 1 });
      const text = await readFile(join(euros.config.QUARANTINE_DIR, 'euros.csv.rows.csv'), 'utf8');
      expect(text).toContain(',CURRENCY,"The row is in EUR');
    } finally {
      await euros.remove();
    }
  });

  test('cannot be a formula in a spreadsheet', async () => {
    const cells = { first: '=HYPERLINK("http://x","y")', last: '@x', email: '+x', amount: '-1.005' };
    const quoted = { ...cells, first: `"${cells.first.replaceAll('"', '""')}"` };
    await house.importRows([transactionRow(quoted), '=cmd,"'], 'formulas.csv');
    const [row, text] = await readRows('formulas.csv');
    expect(row).toMatchObject({
      first_name: `'${cells.first}`,
      last_name: "'@x",
      email: "'+x",
      transaction: '-1.005',
    });
    expect(text!['_text']).toBe(`'=cmd,"`);
  });
});

describe('a row that was mended in rows.csv', () => {
  /** Imports rows with faults, mends them by a change of the text of rows.csv, and drops that. */
  const mend = async (rows: readonly string[], change: (text: string) => string) => {
    const first = await house.importRows(rows, 'to mend.csv');
    const second = await house.importText(change(await readRowsFile('to mend.csv')), 'mended.csv');
    return { first, second };
  };

  test('is posted when the file is dropped as it is, and its import says which one it corrects', async () => {
    const rows = [transactionRow(), transactionRow({ amount: 'much' })];
    const { first, second } = await mend(rows, (text) => text.replace('much', '3.00'));
    expect(second.receipt).toMatchObject({ rowsRead: 1, rowsPosted: 1, amountPosted: '3.00' });
    const { rows: found } = await database.query(`select corrects from imports where no = $1`, [
      second.importNo,
    ]);
    expect(found).toEqual([{ corrects: first.receipt.importId }]);
  });

  test('has its formulas as they were', async () => {
    const rows = [transactionRow({ first: '=1+1', last: "'=2", amount: 'much' })];
    const { second } = await mend(rows, (text) => text.replace('much', '3.00'));
    expect(second.statements.map(({ client }) => client.name)).toEqual(["=1+1 '=2"]);
  });

  test.each<[string, string, (text: string) => string]>([
    [
      'with a cell too many, mended in its text',
      `${transactionRow({ amount: '7' })},more`,
      (text) => text.replace(',more', ''),
    ],
    [
      'with a quotation mark amiss, mended in its text',
      transactionRow({ first: 'An"n', amount: '7' }),
      (text) => text.replace('An""n', 'Ann'),
    ],
    [
      'with a cell too many, mended in its cells',
      `${transactionRow({ amount: '7' })},more`,
      (text) => text.replace(/^,,,,,,,,,/m, `${transactionRow({ amount: '7' })},`),
    ],
  ])('%s, is posted', async (_what, row, change) => {
    const { second } = await mend([row], change);
    expect(second.receipt).toMatchObject({ rowsRead: 1, rowsPosted: 1, amountPosted: '7.00' });
  });

  test('is set apart again as long as it is not mended, with nothing lost', async () => {
    // The first has empty cells now, the largest is one row with its columns, and larger.
    const rows = bad.slice(1).flatMap(([code, , row]) => (code === 'ROW_TOO_LARGE' ? [] : [row]));
    const { second } = await mend(rows, (text) => text);
    expect(second.receipt).toMatchObject({ rowsRead: rows.length, rowsPosted: 0 });
    const withoutOrigin = async (name: string): Promise<unknown[]> =>
      (await readRows(name)).map((row) => ({ ...row, _import: '', _line: '' }));
    expect(await withoutOrigin('mended.csv')).toEqual(await withoutOrigin('to mend.csv'));
  });

  test('of an import that is not here is posted all the same', async () => {
    const header = `${transactionsHeader},_import,_line,_column,_code,_message`;
    const { receipt, importNo } = await house.importText(
      `${header}\n${transactionRow()},${randomUUID()},2,,X,Y\n`,
    );
    expect(receipt.rowsPosted).toBe(1);
    const { rows } = await database.query(`select corrects from imports where no = $1`, [importNo]);
    expect(rows).toEqual([{ corrects: null }]);
  });
});

test('a text that Postgres would take for something else is a name like any other, or a fault', async () => {
  const texts = [
    '\\N',
    '\\.',
    'now',
    'infinity',
    'NaN',
    'null',
    '{1,2}'.replace(',', ';'),
    "'; drop table imports --",
  ];
  const { receipt, statements } = await house.importRows(
    texts.flatMap((text) => [
      transactionRow({ first: text }),
      transactionRow({ amount: text }),
      transactionRow({ time: text }),
    ]),
  );
  expect(receipt).toMatchObject({ rowsPosted: texts.length, rowsQuarantined: 2 * texts.length });
  expect(statements.map(({ client }) => client.name).sort()).toEqual(
    texts.map((text) => `${text} Lee`).sort(),
  );
});
