import { appendFile, copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findPostgres } from '@passbook/testing';
import { expectSampleStatements } from '../expectations.js';
import { makePlace, root, type Finished, type Place } from '../run-passbook.js';

/*
 * The first of the README's two commands, on the sample file, as a user runs it.
 */

let place: Place;
let first: Finished;
let folder: string;
const sample = join(root, 'samples/transactions_test.csv');

beforeAll(async () => {
  place = await makePlace();
  first = await place.run('start.mjs', [sample]);
  folder = join(place.path, 'reports', (await place.list('reports'))[0] ?? '');
});
afterAll(() => place.remove());

test('ends with exit code 0 and prints a receipt that foots', () => {
  expect([first.code, first.stderr.split('\n').filter((line) => /error|warn/i.test(line))]).toEqual([0, []]);
  expect(first.stdout).toContain('1,000 rows read = 1,000 posted + 0 duplicate + 0 quarantined');
  expect(first.stdout).toMatch(/amountPosted +\S/);
});

test('leaves the original where it is, a copy of the same bytes in processed/, and nothing else', async () => {
  const copy = await readFile(join(place.path, 'processed/transactions_test.csv'));
  expect(copy.equals(await readFile(sample))).toBe(true);
  expect(await place.list('processed')).toEqual([
    'transactions_test.csv',
    'transactions_test.csv.receipt.json',
  ]);
  expect(await place.list('quarantine')).toEqual([]);
  expect(await readdir(join(place.path, 'imports/.claimed'))).toEqual([]);
});

test('writes ten statements that agree with the expected figures to the cent', async () => {
  await expectSampleStatements(folder);
});

test('writes a page for each statement and one for the import, with links that lead somewhere', async () => {
  const index = await readFile(join(folder, 'index.html'), 'utf8');
  const links = [...index.matchAll(/href="([^"]+)"/g)].map((match) => match[1]!);
  expect(links.filter((link) => link.endsWith('.html'))).toHaveLength(10);
  for (const link of links) expect((await stat(join(folder, link))).isFile()).toBe(true);
});

test('leaves no Postgres behind', () => {
  expect(findPostgres(place.path)).toEqual([]);
});

test('lets no account number into Postgres, its log, the output or the reports', async () => {
  const numbers = new Set((await readFile(sample, 'utf8')).match(/^\d{12,19}/gm));
  expect(numbers.size).toBe(10);
  const files = (await readdir(place.path, { recursive: true })).filter(
    (name) => !name.endsWith('processed/transactions_test.csv'),
  );
  let read = 0;
  for (const name of files) {
    const path = join(place.path, name);
    if (!(await stat(path)).isFile()) continue;
    const bytes = await readFile(path, 'latin1');
    read += 1;
    for (const number of numbers) expect([name, bytes.includes(number)]).toEqual([name, false]);
  }
  expect(read).toBeGreaterThan(500);
  for (const number of numbers) expect((first.stdout + first.stderr).includes(number)).toBe(false);
});

describe('afterwards', () => {
  test('the same file posts nothing and names the import it repeats', async () => {
    const again = await place.run('start.mjs', ['--json', sample]);
    const { importId } = JSON.parse(await place.read('processed/transactions_test.csv.receipt.json')) as {
      importId: string;
    };
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      duplicateOf: importId,
      rowsRead: 1000,
      rowsPosted: 0,
      rowsDuplicate: 1000,
    });
    expect(await place.list('reports')).toHaveLength(1);
  });

  test('a changed copy with five more rows (LF after CRLF) posts just those five', async () => {
    const changed = join(place.path, 'changed.csv');
    await copyFile(sample, changed);
    const rows = [1, 2, 3, 4, 5].map(
      (n) =>
        `6011417955832878,Janet,Shields,1985-05-05,adam31@example.com,credit,00000000-0000-4000-8000-00000000000${n},2022-01-0${n} 10:00:00,10.5\n`,
    );
    await appendFile(changed, rows.join(''));
    const { code, stdout } = await place.run('start.mjs', ['--json', 'changed.csv']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      rowsRead: 1005,
      rowsPosted: 5,
      rowsDuplicate: 1000,
      rowsQuarantined: 0,
      accounts: 1,
      amountPosted: '52.50',
      duplicateOf: null,
    });
  });

  test('passbook status lists both imports', async () => {
    const { code, stdout } = await place.run('passbook.mjs', ['status', '--json']);
    expect(code).toBe(0);
    const imports = JSON.parse(stdout) as { file: string; state: string; rowsPosted: number }[];
    expect(imports.map(({ file, state, rowsPosted }) => [file, state, rowsPosted])).toEqual([
      ['changed.csv', 'loaded', 5],
      ['transactions_test.csv', 'loaded', 1000],
    ]);
  });
});

test('waits for no mail that an earlier run has left, where nobody sends it, and says so', async () => {
  const withServer = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'passbook@example.com' };
  const small = join(place.path, 'small.csv');
  const [header, row] = (await readFile(sample, 'utf8')).split('\r\n');
  await writeFile(
    small,
    `${header}\n${row!.replace(/9eedccfe-[0-9a-f-]{27}/, '00000000-0000-4000-8000-000000000099')}\n`,
  );
  const first = await place.run('start.mjs', [small], withServer);
  expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/1 due\n.*takes none at present/)]);
  const second = await place.run('start.mjs', [small]);
  expect([second.code, second.stdout]).toEqual([0, expect.stringMatching(/1 due\n.*Nobody sends those/)]);
});
