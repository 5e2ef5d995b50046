import { createHash } from 'node:crypto';
import { encodeChunk, hashPayload, IMPORTS_CHUNKED, type ReceivedMessage } from '@passbook/contracts';
import { makeRecordReader } from '@passbook/csv';
import type { Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import { makeImportId, openImport, recordManifest, takeLease, type Import } from '@passbook/imports';

/** An import whose chunks are made but not sent: what a chunker has in hand. */
export interface BegunImport {
  one: Import;
  messages: ReceivedMessage[];
  rowsRead: number;
}

/** Opens an import of a text, and makes its chunks as messages. @throws when a row of the text has a fault */
export async function beginImport(database: Database, feed: Feed, text: string): Promise<BegunImport> {
  const chunking = { version: 5, timeZone: 'UTC', currency: 'USD', windowRows: 200_000 };
  const sha256 = createHash('sha256').update(text).digest('hex');
  const one = await database.withTransaction((trx) =>
    openImport(trx, {
      importId: makeImportId(sha256, feed.name, ''),
      fileName: 'test.csv',
      sha256,
      sizeBytes: BigInt(text.length),
      feed: feed.name,
      scope: '',
      chunking,
      locale: 'en-US',
      corrects: null,
    }),
  );
  const reader = makeRecordReader();
  const [header, ...records] = [...reader.push(text), ...reader.end()];
  const rows = feed.makeRowReader(header!.cells, chunking);
  for (const record of records) {
    const faults = rows.take(record);
    if (faults) throw new Error(`Line ${record.line} has faults: ${JSON.stringify(faults)}`);
  }
  const messages = [...rows.drain()].map((piece, at) => {
    const payloadSha256 = hashPayload(piece.payload);
    const header = {
      importId: one.id,
      importNo: one.no,
      chunkNo: at + 1,
      feed: feed.name,
      rows: piece.rows,
      payloadSha256,
    };
    return {
      ...encodeChunk(header, piece.key, piece.payload),
      topic: IMPORTS_CHUNKED,
      partition: 0,
      offset: String(at),
    };
  });
  return { one, messages, rowsRead: records.length };
}

/** Records the manifest of a begun import, as its chunker would. @returns whether that completed it */
export async function sendManifest(database: Database, feed: Feed, begun: BegunImport): Promise<boolean> {
  const token = await takeLease(database, begun.one.no);
  if (token === null) throw new Error('Another test has the lease of this import.');
  const manifest = { chunksSent: begun.messages.length, rowsRead: begun.rowsRead, rowsInvalid: 0 };
  return recordManifest(database, begun.one.no, token, manifest, feed.reportsDue);
}
