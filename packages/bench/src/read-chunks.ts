import { readRecords } from '@passbook/csv';
import { makeFeeds, type ChunkPiece, type RowReader } from '@passbook/feeds';
import { readSettings } from '@passbook/runtime';
import { ACCOUNT_NUMBER_KEY } from './ground.js';

/**
 * The chunks of a file, as the chunker makes them: rows read, checked, and gathered by account, a window at a time.
 * @throws Error when the file has a row that is not good
 */
export async function* readChunks(path: string): AsyncGenerator<ChunkPiece, void, undefined> {
  const [feed] = makeFeeds({ accountNumberKey: ACCOUNT_NUMBER_KEY });
  const { TIME_ZONE, CURRENCY, WINDOW_ROWS } = readSettings({}, ['TIME_ZONE', 'CURRENCY', 'WINDOW_ROWS']);
  const chunking = { version: 5, timeZone: TIME_ZONE, currency: CURRENCY, windowRows: WINDOW_ROWS };
  let rows: RowReader | undefined;
  let taken = 0;
  for await (const { records } of readRecords(path)) {
    for (const record of records) {
      if (!rows) {
        rows = feed!.makeRowReader(record.cells, chunking);
        continue;
      }
      if (rows.take(record)) throw new Error(`Line ${record.line} of ${path} has a fault.`);
      taken += 1;
      if (taken % WINDOW_ROWS === 0) yield* rows.drain();
    }
  }
  yield* rows?.drain() ?? [];
}
