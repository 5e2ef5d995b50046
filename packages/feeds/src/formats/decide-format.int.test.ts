import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeContentInspector } from '@passbook/csv';
import { makeTestFolder } from '@passbook/testing';
import { makeFeeds } from '../index.js';
import { decideFormat, type FormatDecision } from './decide-format.js';
import { parseFormat } from './format.js';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeEach(async () => {
  folder = await makeTestFolder();
});
afterEach(() => folder.remove());

const feeds = makeFeeds({ accountNumberKey: 'a key of these tests' });

const bank = {
  feed: 'transactions',
  description: 'A bank.',
  delimiter: ';',
  header: ['Account', 'Date', 'Amount', 'Text'],
  columns: {
    account_number: { column: 'Account' } as object,
    transaction_ts: { column: 'Date', pattern: '??/??/yyyy' } as object,
    transaction: { column: 'Amount' } as object,
  },
};
const decided = {
  ...bank,
  columns: {
    ...bank.columns,
    transaction_ts: { column: 'Date', pattern: 'dd/MM/yyyy' },
    transaction: { column: 'Amount', decimal: ',' },
  },
};

async function decide(
  text: string | Buffer,
  definitions: Record<string, object>,
  { fileName = 'file.csv', amiss = Infinity }: { fileName?: string; amiss?: number } = {},
): Promise<FormatDecision> {
  const path = join(folder.path, 'content');
  await writeFile(path, text);
  const formats = Object.entries(definitions).map(([name, one]) => parseFormat(name, JSON.stringify(one)));
  const inspector = makeContentInspector(Infinity);
  await inspector.push(await readFile(path));
  const file = { path, fileName, facts: await inspector.end() };
  return decideFormat(file, { formats, feeds, amiss }, new AbortController().signal);
}

/** What became of it, in a word: the two settings that were open, or why it is held. */
async function decideRows(rows: readonly string[]): Promise<string> {
  const decision = await decide(`Account;Date;Amount;Text\n${rows.join('\n')}\n`, { bank });
  if (decision.kind !== 'format') return decision.kind === 'held' ? decision.hold.code : 'none';
  const { transaction_ts: time, transaction } = decision.fileFormat.format.columns;
  return `${time.pattern} ${transaction.decimal}`;
}

const row = (date: string, amount: string): string => `4321;${date};${amount};text`;

describe('what a format leaves open', () => {
  test.each([
    [[row('13/02/2021', '1,50')], 'dd/MM/yyyy ,'],
    [[row('02/13/2021', '1.50')], 'MM/dd/yyyy .'],
    [[row('01/02/2021', '1,50'), row('31/01/2021', '1.234')], 'dd/MM/yyyy ,'],
    [[row('05/05/2021', '5')], 'dd/MM/yyyy .'],
    [[], 'dd/MM/yyyy .'],
    [[row('01/02/2021', '1,50')], 'AMBIGUOUS_DATE'],
    [[row('13/02/2021', '1,50'), row('02/13/2021', '1,50')], 'AMBIGUOUS_DATE'],
    [[row('13/02/2021', '1,234')], 'AMBIGUOUS_DECIMAL'],
    [[row('13/02/2021', '1,50'), row('13/02/2021', '1.50')], 'AMBIGUOUS_DECIMAL'],
    [[row('13/02/2021', '-1.234'), row('13/02/2021', '1.234,00')], 'dd/MM/yyyy ,'],
  ])('is shown by the rows of the file, or holds it: %j is %s', async (rows, expected) => {
    expect(await decideRows(rows)).toBe(expected);
  });

  test('is shown by a row far behind the first ones, too', async () => {
    const many = Array.from({ length: 30_000 }, () => row('01/02/2021', '1,234'));
    expect(await decideRows(many)).toBe('AMBIGUOUS_DATE');
    expect(await decideRows([...many, row('31/01/2021', '0,5')])).toBe('dd/MM/yyyy ,');
  });

  test('is shown by good rows alone: not by those with other cells than the header, nor by days that are none', async () => {
    expect(await decideRows([row('13/02/2021', '1,234'), `${row('13/02/2021', '3.5')};more`])).toBe(
      'AMBIGUOUS_DECIMAL',
    );
    expect(await decideRows([row('01/02/2021', '1,5'), row('45/01/2021', '1,5')])).toBe('AMBIGUOUS_DATE');
  });

  test('is shown by mended rows as they are read, not as they stand there', async () => {
    const mended = (cells: string): Promise<FormatDecision> =>
      decide(`Account;Date;Amount;Text;_import;_line;_column;_code;_message;_text\n${cells}\n`, { bank });
    const guarded = await mended("4321;13/02/2021;'-12,50;text;x;1;;;;");
    expect(guarded).toMatchObject({ fileFormat: { format: { columns: { transaction: { decimal: ',' } } } } });
    const asText = await mended(';;;;x;1;;;;"4321;02/13/2021;-12,50;text"');
    expect(asText).toMatchObject({
      fileFormat: { format: { columns: { transaction_ts: { pattern: 'MM/dd/yyyy' } } } },
    });
  });

  test('is decided by the setting that the hold names', async () => {
    const text = `Account;Date;Amount;Text\n${row('01/02/2021', '1,234')}\n`;
    const held = await decide(text, { bank });
    expect(held).toMatchObject({
      kind: 'held',
      hold: { hint: expect.stringContaining('columns.transaction_ts.pattern') },
    });
    expect(await decide(text, { bank: decided })).toMatchObject({ kind: 'format', scope: '' });
  });
});

describe('a header', () => {
  test.each([
    ['Account;Date;Amount;Text', 1],
    [' account ;"DATE";Amount;Text', 1],
    ['Text;Amount;Date;Account', 1],
    ['Some bank;;\n\n"Date:";"1.1.2021"\nAccount;Date;Amount;Text', 4],
    ['Account;Date;Amount;Text;', 1],
    ['Account;Date;Amount;Text;_import;_line;_column;_code;_message', 1],
  ])('is found: %j', async (head, headerLine) => {
    const format = { ...decided, linesBefore: 5 };
    expect(await decide(`${head}\n`, { bank: format })).toMatchObject({
      kind: 'format',
      fileFormat: { headerLine },
    });
  });

  test('below more lines than the format says is none', async () => {
    expect(
      await decide('\n\n\nAccount;Date;Amount;Text\n', { bank: { ...decided, linesBefore: 2 } }),
    ).toEqual({ kind: 'none' });
  });

  test('that has changed holds the file, with the difference', async () => {
    const decision = await decide('Account;Date;Amount;Text 2;New\n', { bank: decided });
    expect(decision).toMatchObject({ kind: 'held', hold: { code: 'HEADER_CHANGED' } });
    const { message } = (decision as FormatDecision & { kind: 'held' }).hold;
    expect(message).toContain('Missing: Text. New or twice: text 2, new.');
  });

  test('that a feed knows better is not the format’s', async () => {
    expect(await decide('Account;Date;Amount;Text 2\n', { bank: decided }, { amiss: 1 })).toEqual({
      kind: 'none',
    });
  });

  test('with little in common is none', async () => {
    expect(await decide('Account;b;c;d\n', { bank: decided })).toEqual({ kind: 'none' });
    expect(await decide('', { bank: decided })).toEqual({ kind: 'none' });
  });
});

describe('the account of all rows', () => {
  const withAccount = (source: object): object => ({
    ...decided,
    linesBefore: 3,
    columns: { ...decided.columns, account_number: source },
  });
  const header = 'Account;Date;Amount;Text\n';

  test.each([
    ['a constant', { constant: '4000 0000 0000 0002' }, header, 'file.csv', '0002'],
    ['the name of the file', { fileName: '^Bank(\\d{4})_' }, header, 'Bank4321_may.csv', '4321'],
    [
      'the lines before the header',
      { linesBefore: 'IBAN: (.*)' },
      `IBAN: DE89 3704 0044 0532 0130 00\n${header}`,
      'file.csv',
      '3000',
    ],
  ])('is %s, of which only the hash and the end are kept', async (_, source, text, fileName, last4) => {
    const decision = await decide(text, { bank: withAccount(source) }, { fileName });
    expect(decision).toMatchObject({ kind: 'format', fileFormat: { account: { last4 } } });
    expect(JSON.stringify(decision)).not.toMatch(/4000 ?0000 ?0000 ?0002|DE89 ?3704/);
  });

  test('makes the same bytes for another account another import', async () => {
    const scopes = await Promise.all(
      ['1111', '2222'].map(async (code) => {
        const decision = await decide(
          header,
          { bank: withAccount({ fileName: '(\\d{4})' }) },
          { fileName: `${code}.csv` },
        );
        return (decision as FormatDecision & { kind: 'format' }).scope;
      }),
    );
    expect(new Set(scopes).size).toBe(2);
  });

  test('is not taken from a name that shows all of it: names of files are seen everywhere', async () => {
    const format = withAccount({ fileName: '_(.*)\\.csv' });
    const decideName = (fileName: string): Promise<FormatDecision> =>
      decide(header, { bank: format }, { fileName });
    for (const name of ['export_4000000000000002.csv', 'export_DE89 3704 0044 0532 0130 00.csv'])
      expect(await decideName(name)).toMatchObject({ kind: 'held', hold: { code: 'ACCOUNT' } });
    expect(await decideName('export_4321.csv')).toMatchObject({ kind: 'format' });
  });

  test('holds a file that has its header twice: the rows below may be of another account', async () => {
    const text = `${header}4321;13/02/2021;1,50;text\n${header}4321;13/02/2021;1,50;text\n`;
    expect(await decide(text, { bank: withAccount({ constant: 'x' }) })).toMatchObject({
      kind: 'held',
      hold: { code: 'HEADER_REPEATED', message: expect.stringContaining('line 3') },
    });
    expect(await decide(text, { bank: decided })).toMatchObject({ kind: 'format' });
  });

  test('that is not there holds the file', async () => {
    const decision = await decide(header, { bank: withAccount({ fileName: 'Bank(\\d{4})' }) });
    expect(decision).toMatchObject({
      kind: 'held',
      hold: { code: 'ACCOUNT', message: expect.stringContaining('name of the file') },
    });
  });
});

test('of two formats that fit, the one that asks for the name of the file is taken; else the file is held', async () => {
  const header = 'Account;Date;Amount;Text\n';
  const named = { ...decided, fileName: '^savings' };
  const chosen = await decide(header, { one: decided, two: named }, { fileName: 'savings-may.csv' });
  expect(chosen).toMatchObject({ kind: 'format', fileFormat: { format: { name: 'two' } } });
  const other = await decide(header, { one: decided, two: named }, { fileName: 'other.csv' });
  expect(other).toMatchObject({ kind: 'format', fileFormat: { format: { name: 'one' } } });
  const both = await decide(header, { one: decided, two: decided });
  expect(both).toMatchObject({ kind: 'held', hold: { code: 'FORMAT_AMBIGUOUS' } });
});

describe('a format in windows-1252', () => {
  const latin = { ...decided, encoding: 'windows-1252' };
  const text = `Account;Date;Amount;Text\n4321;13/02/2021;1,50;Süß\n`;

  test('reads a file in windows-1252, and one that is ASCII', async () => {
    const file = Buffer.from(text, 'latin1');
    for (const content of [file, text.replace('Süß', 'Suess')])
      expect(await decide(content, { bank: latin })).toMatchObject({
        kind: 'format',
        decoding: { encoding: 'windows-1252' },
      });
  });

  test('finds its header with any character of that encoding', async () => {
    const euro = { ...latin, header: ['Account', 'Date', 'Amount', 'Text (€)'] };
    const content = Buffer.from('Account;Date;Amount;Text (?)\n', 'latin1');
    content[content.indexOf('?')] = 0x80;
    expect(await decide(content, { bank: euro })).toMatchObject({ kind: 'format' });
  });

  test('does not read UTF-8, which would give it other letters: the file is held', async () => {
    expect(await decide(text, { bank: latin })).toMatchObject({ kind: 'held', hold: { code: 'ENCODING' } });
  });
});

test('of mended rows none is left out, though the last looks like what follows the rows', async () => {
  const withTotal = { ...decided, linesAfter: ['^4321'] };
  const rows = '4321;13/02/2021;1,50;text\n';
  const fileOf = (header: string): Promise<FormatDecision> =>
    decide(`${header}\n${rows}`, { bank: withTotal });
  const linesAfter = (decision: FormatDecision): string[] =>
    (decision as FormatDecision & { kind: 'format' }).fileFormat.format.linesAfter;
  expect(linesAfter(await fileOf('Account;Date;Amount;Text'))).toEqual(['^4321']);
  const mended = 'Account;Date;Amount;Text;_import;_line;_column;_code;_message;_text';
  expect(linesAfter(await fileOf(mended))).toEqual([]);
});
