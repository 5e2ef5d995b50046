import type { Decoding } from '@passbook/csv';

export type ImportState = 'reading' | 'held' | 'chunked' | 'loaded' | 'stopped' | 'refused';

/** All that chunks depend on beside the bytes. Written when the import is opened, used by every later run of it. */
export interface Chunking {
  /** Raised when the same bytes would give other chunks. */
  version: number;
  /** IANA name; a time without zone is read in it. */
  timeZone: string;
  /** ISO 4217; the currency of a file that has no column for it. */
  currency: string;
  /** A window, whose rows become one set of chunks, ends after so many. */
  windowRows: number;
  /** How the bytes become the content. Imports that were begun before there was a choice have none: nothing is decoded. */
  decoding?: Decoding;
  /** How the layout of the file maps onto the columns of its feed, as the feed wrote it; missing where it has those columns. */
  format?: object;
  /** The columns of its feed as they were then, where a definition declares them. */
  rowSchema?: object;
}

/** The row of `imports` as the chunker needs it. */
export interface Import {
  no: number;
  id: string;
  fileName: string;
  sha256: string;
  feed: string | null;
  chunking: Chunking;
  state: ImportState;
  chunksSent: number | null;
  chunksLoaded: number;
  stoppedReason: string | null;
}

export const importColumns = `
  no, id, file_name as "fileName", sha256, feed, chunking, state, chunks_sent as "chunksSent",
  chunks_loaded as "chunksLoaded", stopped_reason as "stoppedReason"`;
