import type { DropRecord, ImportRecord } from './read-database.js';
import type { DroppedFile } from './check-input.js';
import type { Sums } from './money.js';

/*
 * What the dropped files say, line by line, and what the database made of each line. The files fill it; the checks of the
 * ledger and of the exceptions write the fates into it; the later checks take their figures from it.
 */

/** What became of a line; null while that is not known. */
export type Fate = 'posted' | 'duplicate' | 'conflict' | 'invalid' | null;

export interface Row {
  file: LoadedFile;
  line: number;
  /** Where its bytes are in the file. */
  start: number;
  end: number;
  /** Null for a line that cannot be posted; then the other cells are empty. */
  account: Account | null;
  id: string;
  time: string;
  cents: bigint;
  holder: string;
  fate: Fate;
  /** The database has an exception for it. */
  isExcepted: boolean;
}

/** An account number, and all that the files and the database have of it. */
export interface Account {
  digits: string;
  /** The keyed hash under which the database knows it, in hexadecimal. */
  hash: string;
  /** Those of all files with one id: one row nearly always. */
  rowsById: Map<string, Row | Row[]>;
  holders: Set<string>;
  /** As the database has it; null until it is found there. */
  stored: StoredAccount | null;
  /** Of what the ledger has: by import, and by month. */
  byImport: Map<LoadedFile, Sums>;
  byMonth: Map<string, Sums>;
  balance: bigint;
}

export interface StoredAccount {
  id: string;
  balance: bigint;
  type: string;
  name: string;
  email: string;
  /** First name, last name, date of birth, e-mail and type, between NULs. */
  holder: string;
}

/** Bytes that were dropped, once or more often. */
export interface Content {
  sha256: string;
  drops: DroppedFile[];
  /** Why no row of it can be read: it must be refused. */
  mustBeRefused: boolean;
}

/** The import of one content, when it is loaded. */
export interface LoadedFile {
  content: Content;
  record: ImportRecord;
  /** Those that were not refused, the first one first. */
  drops: DropRecord[];
  header: string[];
  /** Every record but the header, in the order of lines. */
  rows: Row[];
}

export interface Book {
  files: LoadedFile[];
  /** By the number of the import. */
  fileByNo: Map<string, LoadedFile>;
  accounts: Map<string, Account>;
  /** By the id in the database. */
  accountById: Map<string, Account>;
}

/** The row that starts on a line. */
export function rowAt(file: LoadedFile, line: number): Row | undefined {
  let [low, high] = [0, file.rows.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const row = file.rows[middle]!;
    if (row.line === line) return row;
    if (row.line < line) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** The first row with an id of which something holds. */
export function findRow(account: Account, id: string, isMeant: (row: Row) => boolean): Row | undefined {
  const rows = account.rowsById.get(id);
  if (Array.isArray(rows)) return rows.find(isMeant);
  return rows && isMeant(rows) ? rows : undefined;
}

/** The rows of all files with one id. */
export function rowsOf(account: Account, id: string): readonly Row[] {
  const rows = account.rowsById.get(id);
  return rows === undefined ? [] : Array.isArray(rows) ? rows : [rows];
}

/** How a finding names an account. */
export function nameAccount(account: Account): string {
  return `account …${account.digits.slice(-4)}`;
}

/** How a finding names a line. */
export function nameRow(row: Row): string {
  return `line ${row.line} of ${row.file.record.fileName}`;
}
