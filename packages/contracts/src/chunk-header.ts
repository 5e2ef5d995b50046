import { createHash } from 'node:crypto';
import type { Message } from './message.js';

/** Raised when the shape of a chunk changes; a processor refuses a version that it does not know. */
export const CHUNK_SCHEMA_VERSION = '2';

/** The largest message, headers aside: half of what a broker takes by default (1 MiB). */
export const CHUNK_BYTES_MAX = 512 * 1024;

/** What a chunk says of itself. The number and the payload depend on the file's bytes alone. */
export interface ChunkHeader {
  importId: string;
  importNo: number;
  /** 1-based within the import, without gaps. */
  chunkNo: number;
  feed: string;
  /** Rows in the payload. */
  rows: number;
  /** Hexadecimal SHA-256 of the payload. */
  payloadSha256: string;
}

/** Hexadecimal SHA-256 of a chunk's payload. */
export function hashPayload(payload: Buffer): string {
  return createHash('sha256').update(payload).digest('hex');
}

/** A chunk as a message for the topic `imports.chunked`. */
export function encodeChunk(header: ChunkHeader, key: string, payload: Buffer): Message {
  return {
    key,
    headers: {
      'schema-version': CHUNK_SCHEMA_VERSION,
      'import-id': header.importId,
      'import-no': String(header.importNo),
      'chunk-no': String(header.chunkNo),
      feed: header.feed,
      rows: String(header.rows),
      'payload-sha256': header.payloadSha256,
    },
    value: payload,
  };
}

/** Reads the headers of a message; a sentence says what is wrong with them. */
export function decodeChunkHeader(message: Message): ChunkHeader | { fault: string } {
  const { headers } = message;
  if (headers['schema-version'] !== CHUNK_SCHEMA_VERSION) {
    return {
      fault: `The schema version is ${headers['schema-version'] ?? 'missing'}, not ${CHUNK_SCHEMA_VERSION}.`,
    };
  }
  const importNo = readCount(headers['import-no']);
  const chunkNo = readCount(headers['chunk-no']);
  const rows = readCount(headers['rows']);
  const importId = headers['import-id'];
  const feed = headers['feed'];
  const payloadSha256 = headers['payload-sha256'];
  if (importNo === null || chunkNo === null || rows === null || !importId || !feed || !payloadSha256) {
    return { fault: 'A header of the chunk is missing or is not a number.' };
  }
  if (hashPayload(message.value) !== payloadSha256) {
    return { fault: 'The payload is not the one whose hash the header gives.' };
  }
  return { importId, importNo, chunkNo, feed, rows, payloadSha256 };
}

function readCount(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return null;
  return Number(text);
}
