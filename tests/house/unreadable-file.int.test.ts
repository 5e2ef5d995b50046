import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  makeTestDatabase,
  transactionRow,
  transactionsFile,
  until,
  type TestDatabase,
} from '@passbook/testing';
import { makeTestHouse } from './make-test-house.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase();
});
afterAll(() => database.drop());

const isRoot = process.geteuid?.() === 0;
/** Root may read everything: it becomes somebody else for the time of the work, where that is a process for these tests alone. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  if (isRoot) process.seteuid!(65_534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}

const canBeOrdinary = !isRoot || process.send !== undefined;
(canBeOrdinary ? test : test.skip)(
  'a file that may not be read is told, put off, and imported as soon as it may be read',
  async () => {
    const house = await makeTestHouse(database);
    try {
      const { IMPORTS_DIR, PROCESSED_DIR, QUARANTINE_DIR, REPORTS_DIR } = house.config;
      for (const folder of [
        house.path,
        IMPORTS_DIR,
        join(IMPORTS_DIR, '.claimed'),
        PROCESSED_DIR,
        QUARANTINE_DIR,
        REPORTS_DIR,
      ])
        await chmod(folder, 0o777);
      await asOrdinaryUser(async () => {
        const path = join(IMPORTS_DIR, 'locked.csv');
        await writeFile(path, transactionsFile([transactionRow()]));
        await chmod(path, 0o000);
        const watchedMs = performance.now();
        house.house().chunker.watch();
        await until('it is told', () => house.failures.length > 0);
        await writeFile(join(IMPORTS_DIR, 'other.csv'), transactionsFile([transactionRow()]));
        await until('another one is imported', () =>
          existsSync(join(PROCESSED_DIR, 'other.csv.receipt.json')),
        );
        await chmod(path, 0o644);
        await until('it is imported', () => existsSync(join(PROCESSED_DIR, 'locked.csv.receipt.json')));
        // Looked at four times a second, and tried once in ten.
        const triesMax = 1 + Math.floor((performance.now() - watchedMs) / 10_000);
        expect(new Set(house.failures.map((err) => (err as NodeJS.ErrnoException).code))).toEqual(
          new Set(['EACCES']),
        );
        expect(house.failures.length).toBeLessThanOrEqual(triesMax);
      });
    } finally {
      await house.remove();
    }
  },
);
