export { encodeCsvRecord } from './encode-csv-record.js';
export { makeRecordCursor, type PlainLine, type RecordCursor } from './record-cursor.js';
export { readPieces, readRecords } from './read-records.js';
export { makeRecordReader, RECORD_CHARS_MAX } from './record-reader.js';
export type { CsvRecord, RecordReader, RecordReaderOptions } from './record-reader.js';
export { findLine } from './find-line.js';
export { makeUtf8Checker } from './utf8-checker.js';
export type { Utf8Checker } from './utf8-checker.js';
