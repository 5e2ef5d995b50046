import { randomUUID } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { openHouse, type Config, type House } from '@passbook/cli';
import { countDueReports, nameReportFolder, readImport, type Receipt } from '@passbook/imports';
import { makeLogger } from '@passbook/runtime';
import {
  makeTestDatabase,
  makeTestFolder,
  transactionsFile,
  until,
  type TestDatabase,
} from '@passbook/testing';

/** What a test reads of a statement's JSON. */
export interface Statement {
  openingBalance: string;
  closingBalance: string;
  totalCredits: string;
  totalDebits: string;
  months: { month: string; count: number }[];
  transactions: { id: string; occurredAt: string; amount: string }[];
  account: { id: string; last4: string };
  client: { name: string; email: string };
}

/** What became of a file, when its last report was written. */
export interface Imported {
  receipt: Receipt;
  importNo: number;
  statements: Statement[];
  reportFolder: string;
  /** Names of all files in the report folder. */
  reports: string[];
}

/** All services in this process, with folders of their own. */
export interface TestHouse {
  /** The folder that holds all others. */
  path: string;
  config: Config;
  /** What the services could not do, and try again. */
  failures: readonly unknown[];
  house(): House;
  /** Stops the services, and starts them again: as a restart of the process would. */
  close(): Promise<void>;
  open(): Promise<void>;
  importText(text: string | Buffer, name?: string): Promise<Imported>;
  importRows(rows: readonly string[], name?: string): Promise<Imported>;
  remove(): Promise<void>;
}

/**
 * @param options.beside another house whose folders are used, too
 * @param options.settings other than those of all tests
 * @param options.declares feeds of feed-definitions/ that it knows
 * @param options.reportsWithinMs for files that are large: how long their reports may take
 */
export async function makeTestHouse(
  database: TestDatabase,
  {
    beside,
    settings = {},
    declares = [],
    reportsWithinMs,
  }: {
    beside?: TestHouse;
    settings?: Partial<Config>;
    declares?: readonly string[];
    reportsWithinMs?: number;
  } = {},
): Promise<TestHouse> {
  const folder = beside ? { path: beside.path, remove: () => Promise.resolve() } : await makeTestFolder();
  const failures: unknown[] = [];
  const config = { ...makeConfig(folder.path, database.url), ...settings };
  for (const feed of declares) {
    const file = `${feed}.json`;
    await cp(join('feed-definitions', file), join(config.FEED_DEFINITIONS_DIR, file));
  }
  const open = (): Promise<House> =>
    openHouse({
      config,
      log: makeLogger('silent'),
      notify: () => {},
      onProgress: () => {},
      onFailure: (err) => void failures.push(err),
      signal: new AbortController().signal,
    });
  let house = await open();
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await house.close();
    isOpen = false;
  };
  const importText = async (text: string | Buffer, name = `${randomUUID()}.csv`): Promise<Imported> => {
    const path = join(folder.path, name);
    await writeFile(path, text);
    const { importNo } = await house.chunker.importFile(path);
    return readImported(database, config, importNo, name, reportsWithinMs);
  };
  return {
    path: folder.path,
    config,
    failures,
    house: () => house,
    close,
    async open() {
      house = await open();
      isOpen = true;
    },
    importText,
    importRows: (rows, name) => importText(transactionsFile(rows), name),
    async remove() {
      await close();
      await folder.remove();
    },
  };
}

/**
 * A house of its own for each test of a file, all on one database.
 * @param use is given both before each test
 */
export function useTestHouses(
  use: (made: { house: TestHouse; database: TestDatabase }) => void,
  options: { settings?: Partial<Config> } = {},
): void {
  let database: TestDatabase;
  let house: TestHouse;
  beforeAll(async () => {
    database = await makeTestDatabase();
  });
  beforeEach(async () => {
    house = await makeTestHouse(database, options);
    use({ house, database });
  });
  afterEach(() => house.remove());
  afterAll(() => database.drop());
}

function makeConfig(path: string, databaseUrl: string): Config {
  const at = (name: string): string => join(path, name);
  return {
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: undefined,
    KAFKA_PREFIX: undefined,
    KAFKA_TLS: false,
    KAFKA_TLS_CA: undefined,
    KAFKA_TLS_CERT: undefined,
    KAFKA_TLS_KEY: undefined,
    KAFKA_SASL_MECHANISM: undefined,
    KAFKA_USERNAME: undefined,
    KAFKA_PASSWORD: undefined,
    PASSBOOK_DIR: at('.passbook'),
    IMPORTS_DIR: at('imports'),
    PROCESSED_DIR: at('processed'),
    QUARANTINE_DIR: at('quarantine'),
    REPORTS_DIR: at('reports'),
    FORMATS_DIR: at('formats'),
    MAIL_FROM: undefined,
    FEED_DEFINITIONS_DIR: at('feed-definitions'),
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: 0,
    API_AUTH: undefined,
    API_KEYS: undefined,
    API_RATE_LIMIT: 1000,
    ACCOUNT_NUMBER_KEY: 'a key that only these tests have',
    TIME_ZONE: 'UTC',
    LOCALE: 'en-US',
    CURRENCY: 'USD',
    FILE_STABLE_MS: 50,
    WINDOW_ROWS: 200_000,
    FILE_BYTES_MAX: 64 * 1024 ** 3,
    REJECT_THRESHOLD: undefined,
    SMTP_URL: undefined,
    UNKNOWN_DELIVERY: 'resend',
    MAILS_PER_MINUTE: 600_000,
    MAIL_RETRY_MINUTES: [5, 30],
    MAIL_GIVE_UP_HOURS: 96,
    LOG_LEVEL: 'silent',
    standsIn: path,
  };
}

async function readImported(
  database: TestDatabase,
  config: Config,
  importNo: number,
  name: string,
  reportsWithinMs?: number,
): Promise<Imported> {
  const one = await readImport(database, importNo);
  if (one.state !== 'loaded') throw new Error(`The import is ${one.state}: ${one.stoppedReason}`);
  await until(
    'all reports are written',
    async () => (await countDueReports(database, importNo)) === 0,
    reportsWithinMs,
  );
  const text = await readFile(join(config.PROCESSED_DIR, `${name}.receipt.json`), 'utf8');
  const receipt = JSON.parse(text) as Receipt;
  if (receipt.rowsRead !== receipt.rowsPosted + receipt.rowsDuplicate + receipt.rowsQuarantined) {
    throw new Error(`The receipt does not foot: ${text}`);
  }
  const reportFolder = join(config.REPORTS_DIR, nameReportFolder(name, one.id));
  const reports = (await readdir(reportFolder).catch(() => [] as string[])).sort();
  const jsonFiles = reports.filter((file) => file.endsWith('.json'));
  const statements = await Promise.all(
    jsonFiles.map(async (file) => JSON.parse(await readFile(join(reportFolder, file), 'utf8')) as Statement),
  );
  return { receipt, importNo, statements, reportFolder, reports };
}
