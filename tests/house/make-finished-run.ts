import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckInput } from '@passbook/checker';
import { openDatabase, type Database } from '@passbook/database';
import { makeTestDatabase, transactionsHeader, until } from '@passbook/testing';
import { makeTestHouse } from './make-test-house.js';

export const [ann, bob, cy] = ['9999000000000001', '9999 0000-0000 0019', '9999000000000027'];
/** A row of a file; the id is that of a small number. */
export const rowOf = (
  account: string,
  id: number,
  time: string,
  amount: string,
  holder = 'Ann,Lee,1985-05-05,ann@example.com,credit',
): string => `${account},${holder},00000000-0000-4000-8000-${String(id).padStart(12, '0')},${time},${amount}`;

const first = [
  transactionsHeader,
  rowOf(ann, 1, '2021-01-31 10:00:00', '100'),
  rowOf(ann, 2, '2021-02-01 10:00:00', '-33.33'),
  rowOf(ann, 3, '2021-02-01T10:00:00.5', '-0.01') + '\r',
  rowOf(bob, 1, '2021-01-31 10:00:00', '5.5', '"Bob\nJr.","O""Neil",1970-01-01,bob@example.com,debit'),
  rowOf(bob, 4, '2021-01-31 10:00:00', '0', 'Bob,O,1970-01-01,bob@example.com,debit'),
  rowOf(bob, 5, '2021-13-31 10:00:00', '1'),
  '',
  rowOf(ann, 1, '2021-01-31 10:00:00', '100.00'),
  rowOf(ann, 2, '2021-02-01 10:00:00', '33.33'),
  rowOf('9999000000000001ABCD', 6, '2021-02-01 10:00:00', '1'),
  'a "quotation mark",amiss',
  rowOf(cy, 7, '2021-03-01 10:00:00', '=1+1') + ',extra',
].join('\n');
const second = [
  transactionsHeader,
  rowOf(ann, 1, '2021-01-31 10:00:00', '100'),
  rowOf(ann, 3, '2021-02-01 10:00:00', '-0.01'),
  rowOf(ann, 8, '2021-04-01 00:00:00', '2.25'),
  rowOf(cy, 1, '2020-02-29 23:59:59.999999', '-9999999999999.99'),
  '',
].join('\r\n');
const third = `\ufeff${transactionsHeader}\n${rowOf(ann, 2, '2021-02-01 10:00:00', '-33.33')}\n`;
const refused = `number,name\n${cy},Cy\n`;

const dropped: [name: string, text: string][] = [
  ['first.csv', first],
  ['second.csv', second],
  ['first again.csv', first],
  ['third.csv', third],
  ['refused.csv', refused],
];

/** A run that is over, in a database and folders of its own. */
export interface Run {
  database: Database;
  folder: string;
  input: CheckInput;
}

/** Copies of one run: what is done to one of them is gone with it. */
export interface FinishedRun {
  withCopy(work: (run: Run) => Promise<void>): Promise<void>;
  remove(): Promise<void>;
}

/** Imports files with duplicates, conflicts, bad rows, a repeated and a refused one, and ends all services. */
export async function makeFinishedRun(): Promise<FinishedRun> {
  const original = await makeTestDatabase();
  const house = await makeTestHouse(original);
  await mkdir(join(house.path, 'kept'));
  for (const [name, text] of dropped) {
    await writeFile(join(house.path, 'kept', name), text);
    const path = join(house.config.IMPORTS_DIR, name);
    await writeFile(path, text);
    await house.house().chunker.importFile(path);
  }
  await until('all reports are written', async () => {
    const { rows } = await original.query(`select from reports where state = 'due'`);
    return rows.length === 0;
  });
  await house.close();
  const key = house.config.ACCOUNT_NUMBER_KEY!;
  const server = openDatabase({
    url: inDatabase(original.url, 'postgres'),
    applicationName: 'tests',
    connectionsMax: 1,
  });
  let copies = 0;
  return {
    async withCopy(work) {
      const template = new URL(original.url).pathname.slice(1);
      const name = `${template}_${++copies}`;
      const folder = join(house.path, `copy ${copies}`);
      // A database that somebody is connected to cannot be copied.
      await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
        template,
      ]);
      await server.query(`create database ${name} template ${template}`);
      for (const place of ['imports', 'processed', 'quarantine', 'reports', 'kept'])
        await cp(join(house.path, place), join(folder, place), { recursive: true });
      await writeFile(join(folder, 'log'), '{"msg":"a log"}\n'.repeat(100_000));
      const url = inDatabase(original.url, name);
      const database = openDatabase({ url, applicationName: 'tests' });
      try {
        await work({ database, folder, input: makeInput(url, folder, key) });
      } finally {
        await database.close();
        await server.query(`drop database ${name} with (force)`);
        await rm(folder, { recursive: true });
      }
    },
    async remove() {
      await server.close();
      await house.remove();
      await original.drop();
    },
  };
}

function inDatabase(address: string, name: string): string {
  const url = new URL(address);
  url.pathname = `/${name}`;
  return url.href;
}

function makeInput(databaseUrl: string, folder: string, accountNumberKey: string): CheckInput {
  const at = (name: string): string => join(folder, name);
  return {
    databaseUrl,
    folders: {
      imports: at('imports'),
      processed: at('processed'),
      quarantine: at('quarantine'),
      reports: at('reports'),
    },
    dropped: dropped.map(([name]) => ({ name, path: join(folder, 'kept', name), mayVanish: false })),
    mayLeaveTemporaries: false,
    accountNumberKey,
    timeZone: 'UTC',
    currency: 'USD',
    texts: [{ name: 'the log', path: at('log') }],
  };
}
