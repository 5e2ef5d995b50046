import { expect, test } from '@jest/globals';
import type { TestDatabase } from '@passbook/testing';
import { generateRatings, ratingsFileName } from '../../scripts/generate-ratings.mjs';
import { useAgencies } from '../house/make-agencies.js';
import type { TestHouse } from '../house/make-test-house.js';
import { computeReportLine, lookOf, readAlways, readReport } from '../house/ratings.js';

const AGENCIES = ['A', 'B', 'C', 'D'] as const;
const ROWS = 250_000;

let database: TestDatabase;
let house: TestHouse;
useAgencies((made) => void ({ database, house } = made));

interface File {
  name: string;
  text: string;
  /** Of the agency in the report, as another reading gives it. */
  line: string;
}

/** All at once, before anything runs beside it: this keeps the process for seconds. */
function makeFiles(round: number): File[] {
  return AGENCIES.map((agency) => {
    const text = [...generateRatings({ agency, rows: ROWS, bad: 0.01, seed: round })].join('');
    const name = ratingsFileName(agency).replace('.csv', ` ${round}.csv`);
    return { name, text, line: computeReportLine(agency, text) };
  });
}

/** Imports the files of all agencies, four at once. */
async function importAll(files: readonly File[]): Promise<void> {
  const imported = await Promise.all(files.map(({ text, name }) => house.importText(text, name)));
  const reports = await Promise.all(imported.map(readReport));
  // Whichever was complete last knows all of this round.
  expect(reports).toContainEqual(files.map(({ line }) => line));
  for (const { receipt } of imported) expect(receipt.rowsRead).toBe(ROWS);
}

test('a million ratings give the report of another reading, and are replaced without a moment in between', async () => {
  const [before, after] = [makeFiles(1), makeFiles(2)];
  await importAll(before);
  const readers = AGENCIES.map((agency) => readAlways(database, agency));
  await importAll(after);
  for (const [at, reader] of readers.entries()) {
    await reader.stop();
    // The version before, and the new one: nothing else, and both.
    expect([...reader.seen]).toEqual([lookOf(before[at]!.line), lookOf(after[at]!.line)]);
  }
}, 600_000);
