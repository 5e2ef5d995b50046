import type { Bus } from '@passbook/bus';
import { encodeChunk, hashPayload, IMPORTS_CHUNKED, type Message } from '@passbook/contracts';
import type { Database } from '@passbook/database';
import {
  readRows,
  takeRow,
  type ChunkPiece,
  type Feed,
  type RowCursor,
  type RowReader,
} from '@passbook/feeds';
import {
  listLoadedChunks,
  recordExceptions,
  type Import,
  type Manifest,
  type RowException,
} from '@passbook/imports';

/**
 * A window of rows becomes one set of chunks, numbered in an order that depends on the rows alone. Where a window ends
 * (after `chunking.windowRows`, or so many characters) depends on the records alone as well: so a restarted chunker makes
 * the same chunks with the same numbers.
 */
const WINDOW_CHARS_MAX = 64 * 1024 * 1024;

/**
 * One call of `publish`: bounds what is encoded and not yet on the bus, twice. While one is sent, the next is gathered.
 * Enough for a few partitions to get something at once.
 */
const BYTES_PER_PUBLISH = 2 * 1024 * 1024;

interface Parts {
  database: Database;
  bus: Bus;
  feed: Feed;
  /** Told how far the file is read, in bytes. */
  onProgress: (bytesRead: number) => void;
}

/**
 * Reads the private copy of an import and sends its chunks, but for those that are in the ledger already.
 * Memory is that of one window, whatever the size of the file.
 * @returns the manifest: all of it is on the bus
 * @throws the reason of the signal when it aborts
 */
export async function sendChunks(
  parts: Parts,
  one: Import,
  copyPath: string,
  signal: AbortSignal,
): Promise<Manifest> {
  const { database, feed } = parts;
  const sender = makeSender(parts, one);
  const { windowRows } = one.chunking;
  let reader: RowReader | undefined;
  let window = { records: 0, chars: 0, exceptions: [] as RowException[] };
  let rowsRead = 0;
  let rowsInvalid = 0;

  const endWindow = async (): Promise<void> => {
    await recordExceptions(database, one.no, window.exceptions);
    rowsInvalid += window.exceptions.length;
    for (const piece of reader?.drain() ?? []) {
      signal.throwIfAborted();
      await sender.send(piece);
    }
    window = { records: 0, chars: 0, exceptions: [] };
  };
  const take = (reader: RowReader, row: RowCursor): void => {
    window.records += 1;
    window.chars += row.size();
    rowsRead += 1;
    const bad = takeRow(reader, row);
    if (bad) window.exceptions.push({ ...bad, status: 'quarantined' });
  };

  for await (const { rows, bytesRead } of readRows(copyPath, one.chunking)) {
    signal.throwIfAborted();
    while (rows.next()) {
      reader ??= feed.makeRowReader(rows.header, one.chunking);
      take(reader, rows);
      if (window.records >= windowRows || window.chars >= WINDOW_CHARS_MAX) await endWindow();
    }
    parts.onProgress(bytesRead);
  }
  await endWindow();
  const chunksSent = await sender.finish();
  return { chunksSent, rowsRead, rowsInvalid };
}

/** Numbers chunks, and publishes those that are not in the ledger: one lot while the next is read. */
function makeSender(
  { database, bus, feed }: Parts,
  one: Import,
): {
  send(piece: ChunkPiece): Promise<void>;
  /** @returns how many chunks there are */
  finish(): Promise<number>;
} {
  let chunkNo = 0;
  let gathered: { chunkNo: number; message: Message }[] = [];
  let bytes = 0;
  let publishing: Promise<void> = Promise.resolve();
  const publish = async (chunks: { chunkNo: number; message: Message }[]): Promise<void> => {
    // The first time through, nothing can be there yet.
    const loaded =
      one.chunksLoaded === 0
        ? new Set<number>()
        : await listLoadedChunks(database, one.no, chunks[0]!.chunkNo, chunks.at(-1)!.chunkNo);
    const missing = chunks.filter((chunk) => !loaded.has(chunk.chunkNo)).map((chunk) => chunk.message);
    if (missing.length > 0) await bus.publish(IMPORTS_CHUNKED, missing);
  };
  const publishNext = async (): Promise<void> => {
    await publishing;
    if (gathered.length === 0) return;
    publishing = publish(gathered);
    // Awaited with the next lot, or at the end; until then nobody is to call its failure unhandled.
    publishing.catch(() => {});
    gathered = [];
    bytes = 0;
  };
  return {
    async send({ key, rows, payload }) {
      chunkNo += 1;
      const payloadSha256 = hashPayload(payload);
      const header = { importId: one.id, importNo: one.no, chunkNo, feed: feed.name, rows, payloadSha256 };
      gathered.push({ chunkNo, message: encodeChunk(header, key, payload) });
      bytes += payload.length;
      if (bytes >= BYTES_PER_PUBLISH) await publishNext();
    },
    async finish() {
      await publishNext();
      await publishing;
      return chunkNo;
    },
  };
}
