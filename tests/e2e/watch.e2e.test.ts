import { copyFile, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until, findPostgres } from '@passbook/testing';
import { claimOfChunks, faultsEnvironment, isPaused } from '../faults/watched-process.js';
import { makePlace, root, type Place, type Running } from '../run-passbook.js';

/*
 * `npm start` as a user has it running for days: one process for all tests of this file, in their order.
 */

const sample = join(root, 'samples/transactions_test.csv');
const header = 'account_number,first_name,last_name,dob,email,type,operation_id,transaction_ts,transaction';

let place: Place;
/** The one that runs, and all that ran. */
let passbook: Running;
const all: Running[] = [];
let url: string;

interface Receipt {
  rowsRead: number;
  rowsPosted: number;
  rowsDuplicate: number;
  duplicateOf: string | null;
}

function watchAgain(faults?: Record<string, string>): void {
  passbook = place.start('start.mjs', [], faults);
  all.push(passbook);
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
  watchAgain();
  url = await until(
    'it says where its page is',
    () => /http:\/\/127\.0\.0\.1:\d+/.exec(passbook.output())?.[0],
  );
});
afterAll(() => place.remove());

test('a file that was there before the start is imported', async () => {
  expect(await receiptOf('before.csv')).toMatchObject({ rowsRead: 3, rowsPosted: 3 });
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
    return text.includes('Nothing waits') && links?.length === 6 && text;
  });
  expect(html).not.toContain('<script');
  for (const name of ['before.csv', 'one.csv', 'two.csv']) expect(html).toContain(name);
  const links = [...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1]!);
  expect(links.filter((link) => /^\/(reports|processed)\//.test(link))).toHaveLength(6);
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

/** Has the next process wait at the first operation that matches, until `go` is called. */
function pauseAt(
  at: RegExp,
  name: string,
): { faults: Record<string, string>; come(): Promise<unknown>; go(): Promise<void> } {
  const sign = join(place.path, `${name}.go`);
  return {
    faults: faultsEnvironment(place, { log: `${name}.operations`, pause: { at, until: sign } }),
    come: () => until('it waits', () => isPaused(place, `${name}.operations`)),
    go: () => writeFile(sign, ''),
  };
}

test('Ctrl-C in the middle of an import stops it, and the next start ends the import', async () => {
  passbook.process.kill('SIGINT');
  expect((await passbook.finished).code).toBe(0);
  const middle = pauseAt(claimOfChunks, 'middle');
  watchAgain(middle.faults);
  await writeFile(join(place.path, 'imports/broken-off.csv'), file('500000000005', 1000));
  await middle.come();
  passbook.process.kill('SIGINT');
  await until('it says that it stops', () => passbook.output().includes('Stopping.'));
  await middle.go();
  expect((await passbook.finished).code).toBe(0);
  expect(findPostgres(place.path)).toEqual([]);
  expect(await place.list('processed')).not.toContain('broken-off.csv');
  watchAgain();
  expect(await receiptOf('broken-off.csv')).toMatchObject({
    rowsRead: 1000,
    rowsPosted: 1000,
    rowsDuplicate: 0,
  });
  passbook.process.kill('SIGINT');
  expect((await passbook.finished).code).toBe(0);
});

test('a second Ctrl-C stops it at once, whatever keeps the first from it', async () => {
  const stuck = pauseAt(/^open imports\/stuck/, 'stuck');
  watchAgain(stuck.faults);
  await writeFile(join(place.path, 'imports/stuck.csv'), file('500000000006', 1));
  await stuck.come();
  passbook.process.kill('SIGINT');
  await until('it says that it stops', () => passbook.output().includes('Stopping.'));
  // Sooner it is taken for the same one.
  await pause(400);
  passbook.process.kill('SIGINT');
  expect((await passbook.finished).code).toBe(130);
});

test('an interrupted `npm start -- FILE` says so with 130, and the same command goes on', async () => {
  const rows = 1000;
  const path = join(place.path, 'interrupted.csv');
  await writeFile(path, file('500000000007', rows));
  const middle = pauseAt(claimOfChunks, 'interrupted');
  const running = place.start('start.mjs', [path], middle.faults);
  await middle.come();
  running.process.kill('SIGINT');
  await until('it says so', () => running.output().includes('Interrupted. Nothing is lost'));
  await middle.go();
  expect((await running.finished).code).toBe(130);
  const again = await place.run('start.mjs', ['--json', path]);
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ rowsRead: rows, rowsPosted: rows, duplicateOf: null });
});

test('its log holds no name, address or account number', async () => {
  const handle = await open(join(place.path, '.passbook/postgres/log'));
  const log = all.map((one) => one.output()).join('') + (await handle.readFile('utf8'));
  await handle.close();
  for (const word of ['5000000000', 'ann@example.com', 'Lee']) expect(log).not.toContain(word);
});
