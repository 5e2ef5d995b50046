import { decodeChunkHeader, type ChunkHeader, type ReceivedMessage } from '@passbook/contracts';
import type { Database } from '@passbook/database';
import type { Feed } from '@passbook/feeds';
import { buryMessage, readImportStates, type ImportState } from '@passbook/imports';
import type { Logger } from '@passbook/runtime';

/** A message that is a chunk of an import that waits for it. */
export interface WaitedForChunk extends ChunkHeader {
  message: ReceivedMessage;
}

/** States in which an import takes chunks. A stopped one takes them too: only the chunk that stopped it is missing. */
const openStates: readonly ImportState[] = ['reading', 'chunked', 'stopped'];

/**
 * Sorts out what cannot be loaded: messages that are no chunks, or chunks of an import that is not here (a database that
 * was wiped or restored meets old messages). They become dead letters. Chunks of a loaded import are repeats.
 */
export async function sortMessages(
  { database, feeds, log }: { database: Database; feeds: ReadonlyMap<string, Feed>; log: Logger },
  batch: readonly ReceivedMessage[],
): Promise<WaitedForChunk[]> {
  const decoded = batch.map((message) => ({ message, header: decodeChunkHeader(message) }));
  const importNos = decoded.flatMap(({ header }) => ('fault' in header ? [] : [header.importNo]));
  const imports = await readImportStates(database, [...new Set(importNos)]);
  const waitedFor: WaitedForChunk[] = [];
  for (const { message, header } of decoded) {
    const finding = 'fault' in header ? header : findFault(header, imports, feeds);
    if (finding === 'repeat') continue;
    if (finding === null) {
      waitedFor.push({ ...(header as ChunkHeader), message });
      continue;
    }
    const reason = finding.fault;
    log.error({ partition: message.partition, offset: message.offset, reason }, 'message buried');
    await buryMessage(database, { message, reason, importNo: null, chunkNo: null });
  }
  return waitedFor;
}

function findFault(
  header: ChunkHeader,
  imports: ReadonlyMap<number, { id: string; state: ImportState }>,
  feeds: ReadonlyMap<string, Feed>,
): { fault: string } | 'repeat' | null {
  const known = imports.get(header.importNo);
  if (!known || known.id !== header.importId) {
    return {
      fault:
        'The chunk belongs to an import that is not in this database. Two installations on one Kafka each need a KAFKA_PREFIX.',
    };
  }
  if (!feeds.has(header.feed))
    return {
      fault: `There is no feed ${header.feed} here: start the processor with its definition, and replay this.`,
    };
  if (known.state === 'loaded') return 'repeat';
  return openStates.includes(known.state)
    ? null
    : { fault: `The import is ${known.state} and takes no chunks.` };
}
