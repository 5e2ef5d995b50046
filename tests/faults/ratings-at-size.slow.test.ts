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

/** Imports the files of all agencies, four at once. @returns the line of each in the last report, as another reading gives it */
async function importAll(round: number): Promise<string[]> {
  const texts = AGENCIES.map((agency) =>
    [...generateRatings({ agency, rows: ROWS, bad: 0.01, seed: round })].join(''),
  );
  const imported = await Promise.all(
    AGENCIES.map((agency, at) =>
      house.importText(texts[at]!, ratingsFileName(agency).replace('.csv', ` ${round}.csv`)),
    ),
  );
  const lines = AGENCIES.map((agency, at) => computeReportLine(agency, texts[at]!));
  const reports = await Promise.all(imported.map(readReport));
  // Whichever was complete last knows all of this round.
  expect(reports).toContainEqual(lines);
  for (const { receipt } of imported) expect(receipt.rowsRead).toBe(ROWS);
  return lines;
}

test('a million ratings give the report of another reading, and are replaced without a moment in between', async () => {
  const before = await importAll(1);
  const readers = AGENCIES.map((agency) => readAlways(database, agency));
  const after = await importAll(2);
  for (const [at, reader] of readers.entries()) {
    await reader.stop();
    // The version before, and the new one: nothing else, and both.
    expect([...reader.seen]).toEqual([lookOf(before[at]!), lookOf(after[at]!)]);
  }
}, 600_000);
