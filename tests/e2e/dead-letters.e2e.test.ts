import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  makeTestDatabase,
  newAccountNumber,
  transactionRow,
  transactionsFile,
  until,
  type TestDatabase,
} from '@passbook/testing';
import { makePlace, type Place } from '../run-passbook.js';

let place: Place;
let database: TestDatabase;
beforeAll(async () => {
  place = await makePlace();
  database = await makeTestDatabase();
});
afterAll(async () => {
  await place.remove();
  await database.drop();
});

const number = newAccountNumber();
const drop = (name: string, id: string): Promise<void> =>
  writeFile(
    join(place.path, 'imports', name),
    transactionsFile([transactionRow({ account: number, id, amount: '5.00', time: '2021-02-01 10:00:00' })]),
  );
const passbook = async (...args: string[]): Promise<{ code: number | null; stdout: string }> =>
  place.run('passbook.mjs', args, { DATABASE_URL: database.url });

test('on a machine without data there is no dead letter, and none is made', async () => {
  const elsewhere = { PASSBOOK_DIR: join(place.path, 'nothing') };
  const nothing = await place.run('passbook.mjs', ['dead-letters', 'ls', '--json'], elsewhere);
  expect(nothing).toMatchObject({ code: 0, stdout: '[]\n' });
  expect(await place.run('passbook.mjs', ['dead-letters', 'show', '5'], elsewhere)).toMatchObject({
    code: 1,
  });
  expect(await place.list('.')).not.toContain('nothing');
});

test('a person finds out why an import is stopped, mends the cause, and replays its dead letter', async () => {
  expect(await passbook('dead-letters', 'ls')).toMatchObject({
    code: 0,
    stdout: 'There is no dead letter.\n',
  });
  const running = place.start('start.mjs', [], { DATABASE_URL: database.url, FILE_STABLE_MS: '50' });
  const processed = (name: string) => async () =>
    (await place.list('processed')).includes(`${name}.receipt.json`);
  await drop('first.csv', '11111111-1111-4111-8111-111111111111');
  await until('the first file is done', processed('first.csv'));

  await database.query('update accounts set balance_minor = 9223372036854775800');
  await drop('second.csv', '22222222-2222-4222-8222-222222222222');
  const listed = await until('the dead letter is listed', async () => {
    const { stdout } = await passbook('dead-letters', 'ls', '--json');
    return stdout.startsWith('[{') || stdout.startsWith('[\n  {') ? stdout : null;
  });
  const [letter] = JSON.parse(listed) as { no: number; file: string; reason: string }[];
  expect(letter).toMatchObject({ file: 'second.csv' });
  const status = (await passbook('status')).stdout;
  expect(status).toContain('second.csv has not come further');
  expect(status).toContain('passbook dead-letters');
  expect(await place.list('imports')).toEqual(['second.csv']);
  const shown = (await passbook('dead-letters', 'show', String(letter!.no))).stdout;
  expect(shown).toContain('22222222-2222-4222-8222-222222222222');
  expect(shown).not.toContain(number);
  expect(await passbook('dead-letters', 'replay', String(letter!.no))).toMatchObject({ code: 1 });

  await until('the log tells it, too', () => running.output().includes('an import does not come further'));

  await database.query('update accounts set balance_minor = 500');
  const replayed = await passbook('dead-letters', 'replay', String(letter!.no));
  expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining('is complete') });
  await until('the second file is done', processed('second.csv'));
  expect(await passbook('dead-letters', 'ls')).toMatchObject({ stdout: 'There is no dead letter.\n' });
  expect(await passbook('dead-letters', 'replay', 'all')).toMatchObject({ code: 2 });
  running.process.kill('SIGTERM');
  expect((await running.finished).code).toBe(0);
});
