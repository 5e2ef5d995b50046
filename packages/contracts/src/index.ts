export { IMPORTS_CHUNKED, PROCESSOR_GROUP, REPORTER_GROUP, REPORTS_DUE } from './topics.js';
export type { Message, ReceivedMessage } from './message.js';
export {
  CHUNK_BYTES_MAX,
  CHUNK_SCHEMA_VERSION,
  decodeChunkHeader,
  encodeChunk,
  hashPayload,
  type ChunkHeader,
} from './chunk-header.js';
export { encodeReportsDue } from './reports-due.js';
