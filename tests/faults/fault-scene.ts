import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { makeTestDatabase, testKafka, uniqueName, until, type TestDatabase } from '@passbook/testing';
import { generateTransactions, type GenerateOptions } from '../../scripts/generate-transactions.mjs';
import { makePlace, type Place, type Running } from '../run-passbook.js';

/** A file that was dropped, with what its import must come to. */
export type Dropped = { name: string } & ReturnType<ReturnType<typeof generateTransactions>['answers']>;

/** Folders, a database and a prefix of topics for services as processes, on the Postgres and the Kafka of the run. */
export interface Scene {
  place: Place;
  /** A connection of the test's own, past everything that fails. */
  database: TestDatabase;
  /** Of topics and groups. */
  prefix: string;
  /** Starts a service; more of the environment goes over what it has anyway. */
  start(service: string, environment?: Readonly<Record<string, string>>): Running;
  /** Writes a file of generated rows to `imports/`. */
  drop(name: string, options: GenerateOptions): Promise<Dropped>;
  /** Waits until a condition is true of the database, or a name is in a folder; an error has what the services said. */
  until(claim: string, condition: () => boolean | Promise<boolean>, deadlineMs?: number): Promise<unknown>;
  /** The first column of the first row as a number. */
  count(sql: string, parameters?: readonly unknown[]): Promise<number>;
  /** Waits for the receipts of all dropped files, and for every report. */
  untilEnded(deadlineMs?: number): Promise<void>;
  /** That the ledger has every row of the dropped files once, with the right sums, and each import is done once. */
  expectAllOnce(): Promise<void>;
  remove(): Promise<void>;
}

export async function openScene(): Promise<Scene> {
  const place = await makePlace();
  const database = await makeTestDatabase();
  const prefix = `${uniqueName('fault')}.`;
  const { brokers } = await testKafka();
  const standard = {
    DATABASE_URL: database.url,
    KAFKA_BROKERS: brokers,
    KAFKA_PREFIX: prefix,
    FILE_STABLE_MS: '100',
    LOG_LEVEL: 'debug',
  };
  const started: { service: string; running: Running }[] = [];
  const dropped: Dropped[] = [];
  const count: Scene['count'] = async (sql, parameters = []) => {
    const { rows } = await database.query<Record<string, unknown>>(sql, parameters);
    return Number(Object.values(rows[0]!)[0]);
  };
  const untilTrue: Scene['until'] = (claim, condition, deadlineMs) =>
    until(claim, condition, deadlineMs).catch((err: unknown) => {
      const said = started.map(({ service, running }) => `${service}: ${running.output().slice(-4000)}`);
      throw new Error([(err as Error).message, ...said].join('\n---\n'), { cause: err });
    });
  return {
    place,
    database,
    prefix,
    count,
    until: untilTrue,
    start(service, environment = {}) {
      const running = place.start('service.mjs', [service], { ...standard, ...environment });
      started.push({ service, running });
      return running;
    },
    async drop(name, options) {
      const generated = generateTransactions({ ...options, figures: true });
      const text = [...generated].join('');
      await writeFile(join(place.path, 'imports', name), text);
      const one = { name, ...generated.answers() };
      dropped.push(one);
      return one;
    },
    async untilEnded(deadlineMs) {
      await untilTrue(
        'all files have their receipts, all reports are written',
        async () => {
          const receipts = (await place.list('processed')).filter((name) => name.endsWith('.receipt.json'));
          if (receipts.length < dropped.length) return false;
          return (await count(`select count(*) from reports where state = 'due'`)) === 0;
        },
        deadlineMs,
      );
    },
    expectAllOnce: () => expectAllOnce(database, dropped),
    async remove() {
      await place.remove();
      await database.drop();
    },
  };
}

async function expectAllOnce(database: TestDatabase, dropped: readonly Dropped[]): Promise<void> {
  const { rows: imports } = await database.query(
    `select file_name as name, state, rows_read as read, rows_posted as posted, rows_duplicate + rows_conflict as others,
            chunks_loaded = chunks_sent and chunks_loaded =
              (select count(*) from loaded_chunks where import_no = i.no) as has_all_chunks,
            (select count(*) from transactions where import_no = i.no) as transactions,
            (select coalesce(sum(amount_minor), 0) from transactions where import_no = i.no)::text as net,
            (select sum(credit_sum_minor + debit_sum_minor) from import_accounts where import_no = i.no)::text as sums,
            (select count(*) from reports where import_no = i.no and account_id is not null) as statements
     from imports i order by file_name`,
  );
  const expected = [...dropped]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, rows, goodRows, netMinor, accountCount }) => ({
      name,
      state: 'loaded',
      read: BigInt(rows),
      posted: BigInt(goodRows),
      others: 0n,
      has_all_chunks: true,
      transactions: BigInt(goodRows),
      net: String(netMinor),
      sums: String(netMinor),
      statements: BigInt(accountCount),
    }));
  expect(imports).toEqual(expected);
  const net = String(dropped.reduce((sum, { netMinor }) => sum + netMinor, 0n));
  const { rows: totals } = await database.query(
    `select (select sum(balance_minor) from accounts)::text as balances,
            (select sum(credit_sum_minor + debit_sum_minor) from account_months)::text as months,
            (select count(*) from dead_letters) as dead_letters`,
  );
  expect(totals).toEqual([{ balances: net, months: net, dead_letters: 0n }]);
}
