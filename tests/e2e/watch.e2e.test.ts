import { appendFile, copyFile, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until, findPostgres } from '@passbook/testing';
import { makePlace, root, type Place, type Running } from '../run-passbook.js';

/*
 * `npm start` as a user has it running for days: one process for all tests of this file, in their order.
 */

const sample = join(root, 'samples/transactions_test.csv');
const header = 'account_number,first_name,last_name,dob,email,type,operation_id,transaction_ts,transaction';

let place: Place;
let passbook: Running;
let url: string;

interface Receipt {
  rowsRead: number;
  rowsPosted: number;
  rowsDuplicate: number;
  duplicateOf: string | null;
}

const receiptOf = (name: string): Promise<Receipt> =>
  until(`${name} has its receipt`, async () => {
    const names = await place.list('processed');
    return (
      names.includes(`${name}.receipt.json`) &&
      (JSON.parse(await place.read(`processed/${name}.receipt.json`)) as Receipt)
    );
  });

const file = (account: string, rows: number): string =>
  [
    header,
    ...Array.from(
      { length: rows },
      (_, at) =>
        `${account},Ann,Lee,1985-05-05,ann@example.com,debit,00000000-0000-4000-8000-${String(at).padStart(12, '0')},2021-01-31 10:00:00,1`,
    ),
    '',
  ].join('\n');

beforeAll(async () => {
  place = await makePlace();
  await writeFile(join(place.path, 'imports/before.csv'), file('500000000001', 3));
  passbook = place.start('start.mjs');
  url = await until(
    'it says where its page is',
    () => /http:\/\/127\.0\.0\.1:\d+/.exec(passbook.output())?.[0],
  );
});
afterAll(() => place.remove());

test('a file that was there before the start is imported', async () => {
  expect(await receiptOf('before.csv')).toMatchObject({ rowsRead: 3, rowsPosted: 3 });
});

test('a file that is copied in slowly, with pauses of a second, is read once and whole', async () => {
  const text = file('500000000002', 100);
  const lines = text.split(/(?<=\n)/);
  const target = join(place.path, 'imports/slow.csv');
  for (let at = 0; at < lines.length; at += 21) {
    await appendFile(target, lines.slice(at, at + 21).join(''));
    if (at + 21 < lines.length) await pause(1000);
  }
  expect(await receiptOf('slow.csv')).toMatchObject({ rowsRead: 100, rowsPosted: 100, rowsDuplicate: 0 });
  expect(await readFile(join(place.path, 'processed/slow.csv'), 'utf8')).toBe(text);
  expect((await place.list('processed')).filter((name) => name.startsWith('slow'))).toEqual([
    'slow.csv',
    'slow.csv.receipt.json',
  ]);
});

test('two files at once are both imported', async () => {
  await Promise.all([
    writeFile(join(place.path, 'imports/one.csv'), file('500000000003', 10)),
    writeFile(join(place.path, 'imports/two.csv'), file('500000000004', 20)),
  ]);
  const [one, two] = await Promise.all([receiptOf('one.csv'), receiptOf('two.csv')]);
  expect([one.rowsPosted, two.rowsPosted]).toEqual([10, 20]);
  await until('imports/ is empty', async () => (await place.list('imports')).length === 0);
});

test('the page shows each import with links that lead to its reports and its receipt, and runs no script', async () => {
  const html = await until('the reports are written', async () => {
    const text = await (await fetch(url)).text();
    const links = text.match(/href="\/(reports|processed)\//g);
    return text.includes('Nothing waits') && links?.length === 8 && text;
  });
  expect(html).not.toContain('<script');
  for (const name of ['before.csv', 'slow.csv', 'one.csv', 'two.csv']) expect(html).toContain(name);
  const links = [...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1]!);
  expect(links.filter((link) => /^\/(reports|processed)\//.test(link))).toHaveLength(8);
  for (const link of links) expect([link, (await fetch(url + link)).status]).toEqual([link, 200]);
});

test('the page serves neither the files themselves nor anything outside its folders', async () => {
  for (const path of [
    '/processed/one.csv',
    '/quarantine/x.rows.csv',
    '/reports/../processed/one.csv',
    '/reports/%2e%2e/processed/one.csv',
    '/.passbook/account-number.key',
    '/processed/.hidden.receipt.json',
  ]) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 404]);
  }
});

test('a second process beside it imports a file, and shows the status', async () => {
  const { code, stdout } = await place.run('start.mjs', ['--json', sample]);
  expect([code, (JSON.parse(stdout) as Receipt).rowsPosted]).toEqual([0, 1000]);
  const status = await place.run('passbook.mjs', ['status']);
  expect([status.code, status.stderr]).toEqual([0, '']);
  expect(status.stdout).toContain('transactions_test.csv');
  expect(passbook.process.exitCode).toBeNull();
});

test('a file of a name that is known, with other bytes, is another import; the same bytes are a duplicate', async () => {
  await writeFile(join(place.path, 'imports/one.csv'), file('500000000003', 12));
  expect((await receiptOf('one-2.csv')).rowsPosted).toBe(2);
  await copyFile(sample, join(place.path, 'imports/.again.tmp'));
  await rename(join(place.path, 'imports/.again.tmp'), join(place.path, 'imports/again.csv'));
  expect((await receiptOf('again.csv')).duplicateOf).not.toBeNull();
});

test('Ctrl-C in the middle of an import stops it within 5 s, and the next start ends the import', async () => {
  const rows = 60_000;
  await writeFile(join(place.path, 'imports/.large.tmp'), file('500000000005', rows));
  await rename(join(place.path, 'imports/.large.tmp'), join(place.path, 'imports/large.csv'));
  await until('it is being read', () => place.list('imports/.claimed').then((names) => names.length > 0));
  const startedMs = performance.now();
  passbook.process.kill('SIGINT');
  const { code } = await passbook.finished;
  expect(performance.now() - startedMs).toBeLessThan(5000);
  expect(code).toBe(0);
  expect(findPostgres(place.path)).toEqual([]);
  passbook = place.start('start.mjs');
  expect(await receiptOf('large.csv')).toMatchObject({ rowsRead: rows, rowsPosted: rows, rowsDuplicate: 0 });
});

test('a second Ctrl-C stops it at once', async () => {
  await until('it watches', () => passbook.output().includes('Passbook watches'));
  // A lock that another holds keeps the first stop from ending by itself.
  const output = (): string => passbook.output();
  passbook.process.kill('SIGINT');
  await until('it says that it stops', () => output().includes('Stopping.'));
  await pause(400);
  const startedMs = performance.now();
  passbook.process.kill('SIGINT');
  await passbook.finished;
  expect(performance.now() - startedMs).toBeLessThan(1000);
});

test('an interrupted `npm start -- FILE` says so with 130, and the same command goes on', async () => {
  const rows = 100_000;
  const path = join(place.path, 'interrupted.csv');
  await writeFile(path, file('500000000006', rows));
  const running = place.start('start.mjs', [path]);
  await until('it reads', () => running.output().includes('copying'));
  running.process.kill('SIGINT');
  const { code, stderr } = await running.finished;
  expect([code, stderr]).toEqual([130, expect.stringContaining('Interrupted. Nothing is lost')]);
  const again = await place.run('start.mjs', ['--json', path]);
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ rowsRead: rows, rowsPosted: rows, duplicateOf: null });
});

test('its log holds no name, address or account number', async () => {
  const handle = await open(join(place.path, '.passbook/postgres/log'));
  const log = passbook.output() + (await handle.readFile('utf8'));
  await handle.close();
  for (const word of ['5000000000', 'ann@example.com', 'Lee']) expect(log).not.toContain(word);
});
