export {
  HEAD_BYTES,
  INFLATED_FREE_BYTES,
  INFLATION_MAX,
  makeContentInspector,
  type ContentFacts,
  type ContentInspector,
  type ContentProblem,
} from './content-inspector.js';
export { plainDecoding, type Compression, type Decoding, type Encoding } from './decoding.js';
export { encodeCsvRecord } from './encode-csv-record.js';
export { findLine } from './find-line.js';
export { CompressionError } from './inflater.js';
export { readContent, type ContentPiece } from './read-content.js';
export { readPieces, readRecords, type ReadOptions } from './read-records.js';
export { makeRecordCursor, type PlainLine, type RecordCursor } from './record-cursor.js';
export { makeRecordReader, RECORD_CHARS_MAX } from './record-reader.js';
export type { CsvRecord, RecordReader, RecordReaderOptions } from './record-reader.js';
export { decodeText, makeTranscoder, UndefinedByteError } from './transcoder.js';
export { locateLine, type LinePlace } from './locate-line.js';
