import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makePlace, root, type Finished, type Place } from '../run-passbook.js';

/*
 * What a user can mend is said in one clear message, without a stack.
 */

const sample = join(root, 'samples/transactions_test.csv');
let place: Place;
beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => place.remove());

function expectMessage({ code, stderr }: Finished, exitCode: number, message: RegExp): void {
  expect([code, stderr]).toEqual([exitCode, expect.stringMatching(message)]);
  expect(stderr).not.toMatch(/^ +at /m);
}

test('all faults of the configuration are told at once', async () => {
  const finished = await place.run('start.mjs', [], {
    HTTP_PORT: 'eighty',
    TIME_ZONE: 'Mars',
    CURRENCY: 'EURO',
    DATABASE_URL: 'mysql://x',
  });
  expectMessage(finished, 2, /HTTP_PORT[^]*/);
  for (const name of ['HTTP_PORT', 'TIME_ZONE', 'CURRENCY', 'DATABASE_URL'])
    expect(finished.stderr).toContain(name);
});

test.each<[string, string, string[], number, RegExp]>([
  ['a file that is not there', 'start.mjs', ['nowhere.csv'], 2, /There is no file nowhere\.csv\./],
  ['a folder instead of a file', 'start.mjs', ['imports'], 2, /imports is not a file\./],
  ['an option that is not known', 'start.mjs', ['--colour', 'x.csv'], 2, /unknown option/],
  ['a command that is not known', 'passbook.mjs', ['sing'], 2, /unknown command|too many arguments|error/],
  [
    'options of the generator that cannot be',
    'generate.mjs',
    ['--accounts', '0', '--operations', '1'],
    2,
    /accounts must be/,
  ],
])('%s', async (_what, script, args, exitCode, message) => {
  expectMessage(await place.run(script, args), exitCode, message);
});

test('one folder for two purposes', async () => {
  const finished = await place.run('start.mjs', [sample], { PROCESSED_DIR: './imports/' });
  expectMessage(finished, 2, /IMPORTS_DIR and PROCESSED_DIR are the same folder/);
});

test('a port in use', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  try {
    expectMessage(
      await place.run('start.mjs', [], { HTTP_PORT: String(port) }),
      1,
      /another program listens there\. Set HTTP_PORT/,
    );
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test('an address that others reach, without a word that this is meant', async () => {
  expectMessage(await place.run('start.mjs', [], { HTTP_HOST: '0.0.0.0' }), 2, /API_AUTH=none/);
});

test('a database that cannot be reached, without its password', async () => {
  const finished = await place.run('start.mjs', [sample], {
    DATABASE_URL: 'postgres://user:pass-word@127.0.0.1:1/db',
  });
  expectMessage(finished, 1, /The database of DATABASE_URL cannot be reached/);
  expect(finished.stderr).not.toContain('pass-word');
});

test('a time zone or a key that is not the one that the database was begun with', async () => {
  expect((await place.run('start.mjs', [sample])).code).toBe(0);
  expectMessage(
    await place.run('start.mjs', [sample], { TIME_ZONE: 'Europe/Berlin' }),
    2,
    /TIME_ZONE is not the one/,
  );
  expectMessage(
    await place.run('start.mjs', [sample], { ACCOUNT_NUMBER_KEY: 'another key than before' }),
    2,
    /ACCOUNT_NUMBER_KEY is not the one/,
  );
});

test('a folder that is a file', async () => {
  await writeFile(join(place.path, 'a-file'), '');
  expectMessage(
    await place.run('start.mjs', [sample], { PROCESSED_DIR: 'a-file' }),
    1,
    /The folder .*a-file cannot be used/,
  );
});

test('a file with faults ends with 0, with --strict with 1; a refused one with 1', async () => {
  const header = 'account_number,first_name,last_name,dob,email,type,operation_id,transaction_ts,transaction';
  await writeFile(join(place.path, 'faulty.csv'), `${header}\n1,2,3\n`);
  expect((await place.run('start.mjs', ['faulty.csv'])).code).toBe(0);
  expect((await place.run('start.mjs', ['--strict', 'faulty.csv'])).code).toBe(1);
  await writeFile(join(place.path, 'refused.csv'), 'a,b\n1,2\n');
  const refused = await place.run('start.mjs', ['refused.csv']);
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('HEADER_MISSING')]);
});

// Root may write everywhere: the folder is then not in the way.
const isRoot = process.getuid?.() === 0;
describe('as a user who may not do all', () => {
  test('a folder without permission', async () => {
    const folder = join(place.path, 'locked');
    await mkdir(folder);
    await chmod(folder, 0o555);
    const finished = await place.run('start.mjs', [sample], { PROCESSED_DIR: 'locked' });
    if (isRoot) expect(finished.code).toBe(0);
    else expectMessage(finished, 1, /The folder .*locked cannot be used: permission is denied/);
    await chmod(folder, 0o755);
  });
});
