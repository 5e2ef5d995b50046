import { afterAll, beforeAll } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';
import { makeTestHouse, type Imported, type TestHouse } from './make-test-house.js';
import { readReport } from './ratings.js';

/** A house that knows ratings, on a database of its own, and agencies that send them. */
export interface Agencies {
  database: TestDatabase;
  house: TestHouse;
  /** The letter of an agency that no test had before. */
  next: () => string;
  /** A name of the agency's file that no other file has. */
  nameOf: (agency: string) => string;
  importFrom: (agency: string, text: string) => Promise<Imported>;
  /** The line of an agency in the report of an import. */
  readLine: (imported: Imported, agency: string) => Promise<string | undefined>;
  /** How many rows of it count. */
  count: (agency: string) => Promise<number>;
  remove: () => Promise<void>;
}

/**
 * Agencies for all tests of a file.
 * @param use is given them before the first test
 */
export function useAgencies(use: (agencies: Agencies) => void): void {
  let agencies: Agencies;
  beforeAll(async () => {
    agencies = await makeAgencies();
    use(agencies);
  });
  afterAll(() => agencies.remove());
}

async function makeAgencies(): Promise<Agencies> {
  const database = await makeTestDatabase();
  const house = await makeTestHouse(database, { declares: ['ratings'] });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  let files = 0;
  const nameOf = (agency: string): string => `Customer Rating Agency ${agency} Inc ${(files += 1)}.csv`;
  return {
    database,
    house,
    nameOf,
    next: () => letters.shift()!,
    importFrom: (agency, text) => house.importText(text, nameOf(agency)),
    async readLine(imported, agency) {
      const lines = await readReport(imported);
      return lines.find((line) => line.startsWith(`Customer Rating Agency ${agency} Inc,`));
    },
    async count(agency) {
      const sql = 'select count(*) from ratings where agency = $1';
      const { rows } = await database.query<{ count: bigint }>(sql, [agency]);
      return Number(rows[0]!.count);
    },
    async remove() {
      await house.remove();
      await database.drop();
    },
  };
}
