export { IMPORTS_CHUNKED, LEDGER_EVENTS, PROCESSOR_GROUP, REPORTER_GROUP, REPORTS_DUE } from './topics.js';
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
export {
  describeEvents,
  encodeEvent,
  eventSchemas,
  toCloudEvent,
  type CloudEvent,
  type EventData,
  type EventType,
  type LedgerEvent,
} from './ledger-event.js';
