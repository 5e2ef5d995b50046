import type { CsvRecord, PlainLine } from '@passbook/csv';
import type { Database, Migration, Queryable, Transaction } from '@passbook/database';
import type { AccountIdentity } from './formats/account-identifier.js';
import type { Hold } from './formats/file-format.js';
import type { Format } from './formats/format.js';
import type { Chunking, CountPosted, DueReport, Fault, ReportsDue } from '@passbook/imports';
import type { Letter, Mailbox } from '@passbook/mail';
import type { Verification } from './transactions/verify-statement.js';

/** A column as data, in the vocabulary of Table Schema. */
export interface Column {
  name: string;
  type: 'string' | 'integer' | 'number' | 'date' | 'datetime' | 'uuid' | 'email';
  constraints: { required: boolean; enum?: readonly string[]; maxLength?: number; pattern?: string };
}

/** What a feed says to a header: it is its own, or not and what is amiss. */
export type Recognition =
  | { isMine: true; scope: string }
  | { isMine: false; missing: string[]; unknown: string[]; repeated: string[] };

/** A piece of an import: rows of one group, as the feed's own `load` reads them. */
export interface ChunkPiece {
  /** Rows of one key keep their order. */
  key: string;
  rows: number;
  payload: Buffer;
}

/** A chunk as the processor hands it to the feed: its place in the import is checked, its payload is whole. */
export interface ArrivedChunk {
  importNo: number;
  chunkNo: number;
  rows: number;
  payload: Buffer;
}

/** Reads the rows of one import into chunks. Depends on the bytes and on `chunking` alone. */
export interface RowReader {
  /** Takes a record into the window. @returns its faults, if it has any: then it is in no chunk */
  take(record: CsvRecord): Fault[] | null;
  /**
   * Takes a record into the window from its bytes, if it can: then exactly as `take` would have.
   * @returns false when it has not taken it: then it is to be given to `take`
   */
  takeLine(line: PlainLine): boolean;
  /** Ends the window: its chunks, in an order that depends on the rows alone. */
  drain(): Generator<ChunkPiece>;
  /** Ends the window without a chunk: its rows were only to be checked. */
  discard(): void;
}

/** A chunk whose content the feed has read, and whose accounts are there. */
export interface PreparedChunk extends ArrivedChunk {
  content: unknown;
}

/** What a batch did to one import. */
export interface LoadOutcome {
  importNo: number;
  rowsPosted: number;
  rowsDuplicate: number;
  rowsConflict: number;
  contradictions: number;
}

/** Where a row went: the transaction that a line became. */
export interface PostedRow {
  line: number;
  transactionId: string;
  accountId: bigint;
  /** Of the account number. */
  last4: string | null;
}

/** Mails that are written as files instead of being sent. */
export interface MailFiles {
  from: Mailbox;
}

/** A kind of file, and everything about it: the one way to extend the product. */
export interface Feed {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly migrations: readonly Migration[];
  /** Is a file with this header mine? */
  recognise(header: readonly string[], fileName: string): Recognition;
  /**
   * The account of all rows of a file, where its format says that no column has it. A hold when it is not to be found.
   */
  resolveAccount(
    format: Format,
    where: { fileName: string; linesBefore: string },
  ): { format: Format; account: AccountIdentity | null } | Hold;
  makeRowReader(header: readonly string[], chunking: Chunking): RowReader;
  /** Reads the chunks, and commits what must be there before they are loaded (accounts). */
  prepare(database: Database, chunks: readonly ArrivedChunk[]): Promise<PreparedChunk[]>;
  /**
   * Puts the rows of prepared chunks into tables, in the caller's transaction, and records the rows it could not post.
   * `direct` may throw an error for which `wantsStaging` is true: the caller then rolls back and loads `staged`.
   */
  load(trx: Transaction, chunks: readonly PreparedChunk[], way: 'direct' | 'staged'): Promise<LoadOutcome[]>;
  wantsStaging(err: unknown): boolean;
  /** A payload as text, for a person. @throws RefusedDataError when it is none of this feed */
  printPayload(payload: Buffer): string;
  /** Called once, in the transaction that completes the import. */
  reportsDue: ReportsDue;
  countPosted: CountPosted;
  /** The first posted rows after a line, in the order of lines. It costs about the same for one row and for thousands. */
  listPosted(
    database: Queryable,
    importNo: number,
    page: { afterLine: number; limit: number },
  ): Promise<PostedRow[]>;
  findPosted(database: Queryable, importNo: number, line: number): Promise<PostedRow | null>;
  /** All posted rows in the order of lines, in memory a part at a time. The connection is for nothing that ends it meanwhile. */
  readPosted(connection: Queryable, importNo: number): AsyncGenerator<PostedRow[], void, undefined>;
  /**
   * Renders reports of one import into its folder, which exists; with `mail`, also the mail of each statement whose account
   * has a usable address, as a file. Set-based: hundreds in a few queries.
   * @throws the reason of the signal soon after it aborts
   */
  render(
    database: Database,
    reports: readonly DueReport[],
    folder: string,
    mail: MailFiles | null,
    signal: AbortSignal,
  ): Promise<void>;
  /** Where the mail of a statement goes; null when its account has no usable address, or it is no statement. */
  addressOf(report: DueReport): string | null;
  /**
   * The mails of those statements whose account has a usable address, in the order of the reports, which are of one import.
   * They depend on the report and the import's rows alone.
   * @throws the reason of the signal soon after it aborts
   */
  renderLetters(
    database: Database,
    reports: readonly DueReport[],
    signal: AbortSignal,
  ): AsyncGenerator<{ accountId: bigint; letter: Letter }>;
  /** Holds a file of a report to the database. @returns null when it is none of this feed, or not known here */
  verify(database: Database, content: Buffer): Promise<Verification | null>;
}
