import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { transactionRow, transactionsFile } from '@passbook/testing';
import { parse } from 'csv-parse/sync';
import { makePlace, type Place } from '../run-passbook.js';

/*
 * What a user is told of files and lines: a good one, one with every kind of row, the same bytes under another name, and
 * one that is refused.
 */

let place: Place;
const account = '700000000042';
const id = '00000000-0000-4000-8000-000000000001';

beforeAll(async () => {
  place = await makePlace();
  const first = transactionRow({ account, id, amount: '5' });
  const mixed = [
    first,
    transactionRow({ account, first: '"An\nn"' }),
    transactionRow({ account, amount: 'much' }),
  ];
  await writeFile(join(place.path, 'good.csv'), transactionsFile([first]));
  await writeFile(join(place.path, 'mixed.csv'), transactionsFile(mixed, '\n'));
  await writeFile(join(place.path, 'again.csv'), transactionsFile(mixed, '\n'));
  await writeFile(join(place.path, 'refused.csv'), 'what,is,this\n1,2,3\n');
  const finished = await place.run('start.mjs', ['good.csv', 'mixed.csv', 'again.csv', 'refused.csv']);
  expect([finished.code, finished.stderr]).toEqual([1, expect.any(String)]);
});
afterAll(() => place.remove());

async function readReceipt(name: string): Promise<Record<string, string | number>> {
  return JSON.parse(await place.read(`processed/${name}.receipt.json`)) as Record<string, string | number>;
}

describe('passbook outcome', () => {
  test('prints every row of a file once, in order, as CSV', async () => {
    const { code, stdout, stderr } = await place.run('passbook.mjs', ['outcome', 'mixed.csv']);
    expect([code, stderr]).toEqual([0, '']);
    const rows = parse<Record<string, string>>(stdout, { columns: true });
    const { importId } = await readReceipt('good.csv');
    expect(rows).toEqual([
      {
        line: '2',
        outcome: 'duplicate',
        transaction: '',
        account: '',
        last4: '',
        duplicate_of_import: importId,
        duplicate_of_line: '2',
        column: '',
        code: '',
      },
      expect.objectContaining({
        line: '3',
        outcome: 'posted',
        transaction: expect.stringMatching(/^[0-9a-f-]{36}$/),
        account: expect.stringMatching(/^\d+$/),
        last4: '0042',
      }),
      expect.objectContaining({
        line: '5',
        outcome: 'quarantined',
        column: 'transaction',
        code: 'TYPE_AMOUNT',
      }),
    ]);
  });

  test('of the same bytes under another name says that each row repeats the first ones, as the receipt does', async () => {
    const { code, stdout } = await place.run('passbook.mjs', ['outcome', '--json', 'again.csv']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; outcome: string; duplicateOf: object | null });
    const { importId, rowsDuplicate } = await readReceipt('again.csv');
    expect([code, rowsDuplicate]).toEqual([0, 2]);
    expect(rows.map((row) => [row.line, row.outcome])).toEqual([
      [2, 'duplicate'],
      [3, 'duplicate'],
      [5, 'quarantined'],
    ]);
    expect(rows[1]!.duplicateOf).toEqual({ importId, line: 3 });
  });

  test('takes an id or its beginning', async () => {
    const importId = String((await readReceipt('mixed.csv'))['importId']);
    const named = await place.run('passbook.mjs', ['outcome', 'mixed.csv']);
    for (const start of [importId, importId.slice(0, 8)]) {
      expect((await place.run('passbook.mjs', ['outcome', start])).stdout).toBe(named.stdout);
    }
  });

  test('ends with 1 for a refused file, and with 2 for what is not known', async () => {
    const refused = await place.run('passbook.mjs', ['outcome', 'refused.csv']);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('none of its rows was posted'),
    ]);
    const unknown = await place.run('passbook.mjs', ['outcome', 'other.csv']);
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('Nothing is known of other.csv');
  });
});

describe('passbook why', () => {
  test('says in sentences what became of a file and of a line, and prints the same as JSON', async () => {
    const { code, stdout, stderr } = await place.run('passbook.mjs', ['why', 'mixed.csv:4']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toEqual(
      expect.stringMatching(
        /^Line 4 is inside the row that begins on line 3\.\nLine 3 was posted: it is transaction .*\nmixed\.csv was taken from .*\nIt is imported/,
      ),
    );
    const json = await place.run('passbook.mjs', ['why', '--json', 'mixed.csv:4']);
    const answer = JSON.parse(json.stdout) as { sentences: string[]; line: object; import: object };
    expect(`${answer.sentences.join('\n')}\n`).toBe(stdout);
    expect(answer).toMatchObject({
      import: { state: 'loaded', rowsRead: 3 },
      drop: { file: 'mixed.csv', state: 'done' },
      line: { line: 4, rowLine: 3, place: { kind: 'record', begins: 3 }, outcome: { outcome: 'posted' } },
    });
  });

  test('ends with 2 when nothing is known, also where there is no data at all', async () => {
    for (const environment of [{}, { PASSBOOK_DIR: 'nowhere' }]) {
      const { code, stdout } = await place.run('passbook.mjs', ['why', 'other.csv:3'], environment);
      expect([code, stdout]).toEqual([2, expect.stringContaining('Nothing is known of other.csv:3')]);
    }
    expect(await place.list('.')).not.toContain('nowhere');
  });

  test('repeats no account number', async () => {
    for (const args of [
      ['why', 'mixed.csv:2'],
      ['why', '--json', 'mixed.csv:5'],
      ['outcome', 'mixed.csv'],
    ]) {
      const { stdout, stderr } = await place.run('passbook.mjs', args);
      expect(stdout.length).toBeGreaterThan(100);
      expect((stdout + stderr).includes(account)).toBe(false);
    }
  });
});

test('passbook status says why a file was refused and where bad rows are, in sentences', async () => {
  const { stdout } = await place.run('passbook.mjs', ['status']);
  expect(stdout).toContain(
    'refused.csv is refused. The first line is no header that is known. Put the names of the columns first, or',
  );
  expect(stdout).toContain('The same is in quarantine/refused.csv.error.json.');
  expect(stdout).toContain(
    'mixed.csv has bad rows: each is in quarantine/mixed.csv.rows.csv, with its reason.',
  );
});

test('passbook status names each file of the same bytes that was refused, with its own error file', async () => {
  for (const name of ['nothing.csv', 'nothing-again.csv']) {
    await writeFile(join(place.path, name), '');
    expect((await place.run('start.mjs', [name])).code).toBe(1);
  }
  const { stdout } = await place.run('passbook.mjs', ['status']);
  for (const name of ['nothing.csv', 'nothing-again.csv'])
    expect(stdout).toMatch(
      new RegExp(`^${name} is refused\\. .* The same is in quarantine/${name}\\.error\\.json\\.$`, 'm'),
    );
});

test('passbook verify tells a statement that was changed by hand from one that was not, by its exit code', async () => {
  const [folder] = (await place.list('reports')).filter((name) => name.startsWith('good-'));
  const json = (await place.list(`reports/${folder}`)).find((name) => name.endsWith('.json'))!;
  const path = `reports/${folder}/${json}`;
  const verify = (file: string) => place.run('passbook.mjs', ['verify', file]);
  const { code, stdout } = await verify(path);
  expect([code, stdout]).toEqual([0, expect.stringContaining('every figure agrees with the ledger')]);
  await writeFile(join(place.path, 'changed.json'), (await place.read(path)).replaceAll('"5.00"', '"6.00"'));
  const changed = await verify('changed.json');
  expect([changed.code, changed.stdout]).toEqual([
    1,
    expect.stringMatching(/closingBalance +file +6\.00 +5\.00/),
  ]);
  expect((await verify('good.csv')).code).toBe(2);
});
