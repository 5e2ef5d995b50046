import { describe, expect, test } from '@jest/globals';
import { makeContentInspector, type ContentFacts } from '@passbook/csv';
import { makeFeeds } from '@passbook/feeds';
import { transactionRow, transactionsHeader } from '@passbook/testing';
import { recogniseFile } from './recognise-file.js';

const feeds = makeFeeds({ accountNumberKey: 'a key for tests' });

async function look(content: string | Buffer): Promise<ContentFacts> {
  const inspector = makeContentInspector(1024 * 1024);
  await inspector.push(Buffer.from(content));
  return inspector.end();
}

const recognise = async (content: string | Buffer): Promise<ReturnType<typeof recogniseFile>> =>
  recogniseFile(await look(content), 'file.csv', feeds);

const refusalOf = async (content: string | Buffer): Promise<unknown> => {
  const found = await recognise(content);
  return 'refusal' in found ? found.refusal : 'none';
};

describe('a file', () => {
  test.each([
    ['with the header', transactionsHeader],
    ['whose header has no line end', transactionsHeader],
    ['with a byte order mark, and empty lines first', `\ufeff\r\n\n${transactionsHeader}\n`],
    ['in capitals, with blanks', `${transactionsHeader.toUpperCase().replaceAll(',', ' , ')}\n`],
    ['with the columns of rows.csv', `${transactionsHeader},_import,_line,_column,_code,_message\n`],
    ['in quotation marks', `"${transactionsHeader.replaceAll(',', '","')}"\n`],
  ])('%s is one of transactions', async (_what, content) => {
    const found = await recognise(content);
    expect(found).toMatchObject({ feed: { name: 'transactions' }, scope: '' });
  });

  test('is recognised before anybody asks whether all of it is UTF-8', async () => {
    const found = await recognise(Buffer.from(`${transactionsHeader}\nM\xfcller\n`, 'latin1'));
    expect(found).toMatchObject({ decoding: { compression: 'none', encoding: 'utf-8' } });
  });

  test.each<[string, string | Buffer, string, string, Record<string, unknown>]>([
    ['without a line', '\n\r\n', 'EMPTY_FILE', 'no line', { line: null, byteOffset: null }],
    [
      'that begins with a row',
      `${transactionRow()}\n`,
      'HEADER_MISSING',
      'no header',
      { line: 1, byteOffset: 0 },
    ],
    [
      'whose first line never ends',
      `${'x'.repeat(70_000)}\n`,
      'HEADER_MISSING',
      'no header',
      { line: 1, byteOffset: 0 },
    ],
    [
      'with a column under another name',
      `\ufeff\n\n${transactionsHeader.replace('dob', 'birthday')}\n`,
      'HEADER_UNKNOWN',
      'Missing: dob. Not known: birthday.',
      { line: 3, byteOffset: 5 },
    ],
    [
      'with a column twice',
      `${transactionsHeader},dob\n`,
      'HEADER_DUPLICATE',
      'Twice: dob.',
      { line: 1, byteOffset: 0 },
    ],
    [
      'with semicolons',
      `${transactionsHeader.replaceAll(',', ';')}\n`,
      'HEADER_UNKNOWN',
      'separated by semicolons',
      { hint: expect.stringContaining('comma') },
    ],
    [
      'with tabs',
      `${transactionsHeader.replaceAll(',', '\t')}\n`,
      'HEADER_UNKNOWN',
      'separated by tabs',
      { hint: expect.stringContaining('comma') },
    ],
    [
      'whose header is not UTF-8',
      Buffer.from('dob,pr\xe9nom\n', 'latin1'),
      'ENCODING',
      'The header is not UTF-8',
      { line: 1, byteOffset: 6 },
    ],
    ['in UTF-16', Buffer.from(transactionsHeader, 'utf16le'), 'ENCODING_UTF16', 'UTF-16', { line: 1 }],
    ['that is a PDF', '%PDF-1.4 and so on', 'COMPRESSION', 'PDF', { hint: expect.stringContaining('CSV') }],
  ])('%s is refused', async (_what, content, code, message, more) => {
    expect(await refusalOf(content)).toMatchObject({
      code,
      message: expect.stringContaining(message),
      ...more,
    });
  });

  test('never has a number of its header repeated', async () => {
    expect(JSON.stringify(await refusalOf('dob,4111 1111 1111 1111\n'))).not.toContain('1111');
  });
});
