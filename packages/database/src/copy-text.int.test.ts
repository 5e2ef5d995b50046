import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import fc from 'fast-check';
import { copyIn } from './copy-in.js';
import { encodeCopyText } from './copy-text.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

test('every string without NUL comes out of COPY as it went in', async () => {
  const awkward = fc.constantFrom(
    '\\',
    '\t',
    '\n',
    '\r',
    '\\N',
    '\\.',
    '\\\\',
    ' ',
    '',
    'n',
    '\u2028',
    '😀',
    '\ufeff',
    "'",
    '"',
    ',',
  );
  const text = fc
    .oneof(
      fc.array(awkward).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    )
    .filter((one) => !one.includes('\0'));
  const texts = fc.sample(text, 2000);
  texts.push('\\.', '\\N', '', '\\', '\t', 'a\\');
  const found = await database.withTransaction(async (trx) => {
    await trx.query('create temporary table texts (no integer, content text) on commit drop');
    const pieces = texts.map((one, no) => `${no}\t${encodeCopyText(one)}\n`);
    expect(await copyIn(trx, 'copy texts from stdin', pieces)).toBe(texts.length);
    const { rows } = await trx.query<{ content: string }>('select content from texts order by no');
    return rows.map((row) => row.content);
  });
  expect(found).toEqual(texts);
});

test('a COPY that Postgres refuses fails with its error, and the connection is of use afterwards', async () => {
  await expect(
    database.withTransaction((trx) => copyIn(trx, 'copy accounts (id) from stdin', ['no number\n'])),
  ).rejects.toMatchObject({ code: '22P02' });
  expect((await database.query('select 1')).rowCount).toBe(1);
});

test('a COPY of more than fits a buffer keeps its order and counts its rows', async () => {
  const rows = 200_000;
  const pieces = function* (): Generator<string> {
    for (let no = 0; no < rows; no++) yield `${no}\t${'x'.repeat(50)}\n`;
  };
  await database.withTransaction(async (trx) => {
    await trx.query('create temporary table many (no integer, content text) on commit drop');
    expect(await copyIn(trx, 'copy many from stdin', pieces())).toBe(rows);
  });
});

test('a COPY whose rows cannot be made fails with that reason, and the transaction is rolled back', async () => {
  const rows = function* (): Generator<string> {
    yield '1\tx\n';
    throw new Error('No more rows.');
  };
  const copying = database.withTransaction((trx) =>
    copyIn(trx, 'copy accounts (id, currency) from stdin', rows()),
  );
  await expect(copying).rejects.toThrow('No more rows.');
  expect((await database.query('select 1')).rowCount).toBe(1);
});
