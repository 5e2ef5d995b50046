import { isRefusedData, RefusedDataError, type Database } from '@passbook/database';
import type { Feed, PreparedChunk } from '@passbook/feeds';
import { buryMessage, claimChunks, countChunks, type ImportProgress } from '@passbook/imports';
import type { Logger } from '@passbook/runtime';
import type { WaitedForChunk } from './sort-messages.js';

/**
 * Rows of one transaction: when the processor lags behind, an account's rows of several windows come together, and each of
 * its months is written once; short enough that nobody waits for its locks for long.
 */
const ROWS_PER_TRANSACTION = 60_000;

export interface LoadParts {
  database: Database;
  feeds: ReadonlyMap<string, Feed>;
  log: Logger;
  /** Aborts when the processor is to stop: the batch is then not acknowledged, and what it committed is passed over later. */
  signal: AbortSignal;
}

type Chunk = WaitedForChunk & PreparedChunk;

/** Loads chunks in transactions of bounded size. @returns the imports that were completed */
export async function loadBatch(parts: LoadParts, chunks: readonly WaitedForChunk[]): Promise<number[]> {
  const completed: number[] = [];
  for (const feed of parts.feeds.values()) {
    const own = chunks.filter((chunk) => chunk.feed === feed.name);
    for (const group of groupByRows(own)) {
      parts.signal.throwIfAborted();
      completed.push(...(await loadGroup(parts, feed, group)));
    }
  }
  return completed;
}

/**
 * Loads a group whole. If its data is refused, its chunks are loaded one by one: the
 * one that fails alone is buried and stops its import, the others go on.
 */
async function loadGroup(parts: LoadParts, feed: Feed, group: readonly WaitedForChunk[]): Promise<number[]> {
  try {
    return await loadTogether(parts, feed, group);
  } catch (err) {
    // Bad weather and bugs are not the data's fault: nothing is buried for them.
    if (!isRefusedData(err)) throw err;
    if (group.length > 1) {
      parts.log.warn({ err, chunks: group.length }, 'a batch failed and is loaded chunk by chunk');
      const completed: number[] = [];
      for (const chunk of group) completed.push(...(await loadGroup(parts, feed, [chunk])));
      return completed;
    }
    const { message, importNo, chunkNo } = group[0]!;
    const reason = `Chunk ${chunkNo} cannot be loaded: ${(err as Error).message}`;
    parts.log.error({ err, importNo, chunkNo }, 'chunk buried, its import is stopped');
    await buryMessage(parts.database, { message, reason, importNo, chunkNo });
    return [];
  }
}

async function loadTogether(
  parts: LoadParts,
  feed: Feed,
  group: readonly WaitedForChunk[],
): Promise<number[]> {
  const arrived = group.map((chunk) => ({ ...chunk, payload: chunk.message.value }));
  const prepared = (await feed.prepare(parts.database, arrived)) as Chunk[];
  try {
    return await loadInTransaction(parts, feed, prepared, 'direct');
  } catch (err) {
    if (!feed.wantsStaging(err)) throw err;
    return loadInTransaction(parts, feed, prepared, 'staged');
  }
}

function loadInTransaction(
  parts: LoadParts,
  feed: Feed,
  chunks: readonly Chunk[],
  way: 'direct' | 'staged',
): Promise<number[]> {
  return parts.database.withTransaction(async (trx) => {
    const { fresh, altered } = await claimChunks(trx, chunks);
    if (altered[0]) throw new RefusedDataError('A chunk of this number was loaded with another content.');
    if (fresh.length === 0) return [];
    const outcomes = await feed.load(trx, fresh, way);
    const progress: ImportProgress[] = outcomes.map((outcome) => ({
      ...outcome,
      chunksLoaded: fresh.filter((chunk) => chunk.importNo === outcome.importNo).length,
    }));
    return countChunks(trx, progress, () => feed.reportsDue);
  });
}

function* groupByRows(chunks: readonly WaitedForChunk[]): Generator<WaitedForChunk[]> {
  let group: WaitedForChunk[] = [];
  let rows = 0;
  for (const chunk of chunks) {
    if (group.length > 0 && rows + chunk.rows > ROWS_PER_TRANSACTION) {
      yield group;
      group = [];
      rows = 0;
    }
    group.push(chunk);
    rows += chunk.rows;
  }
  if (group.length > 0) yield group;
}
