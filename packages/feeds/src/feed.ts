import type { CsvRecord, PlainLine } from '@passbook/csv';
import type { Database, Queryable, Transaction } from '@passbook/database';
import type { FileCode } from './codes.js';
import type { AccountIdentity } from './formats/account-identifier.js';
import type { Hold } from './formats/file-format.js';
import type { Format } from './formats/format.js';
import type { Chunking, CountPosted, DueReport, Fault, ReportsDue } from '@passbook/imports';
import type { Letter, Mailbox } from '@passbook/mail';
import type { ReconciliationReport } from './reconciliation/reconciliation-report.js';
import type { Verification } from './transactions/verify-statement.js';

/** A column as data, in the vocabulary of Table Schema. */
export interface Column {
  name: string;
  type: 'string' | 'integer' | 'number' | 'date' | 'datetime' | 'uuid' | 'email';
  /** Of an integer: how many bits it may have; 32 unless it says so. */
  format?: 'int32' | 'int64';
  constraints: {
    required: boolean;
    enum?: readonly string[];
    maxLength?: number;
    /** A regular expression that the whole cell matches. */
    pattern?: string;
    /** Decimal text. */
    minimum?: string;
    maximum?: string;
  };
}

/**
 * What a feed says to a file: it is its own, or not and what is amiss with its header. A refusal: it would be its own, but is
 * to be called otherwise, or is only a part.
 */
export type Recognition =
  | { isMine: true; scope: string }
  | {
      isMine: false;
      missing: readonly string[];
      unknown: readonly string[];
      repeated: readonly string[];
      refusal?: { code: FileCode; message: string; hint: string };
    };

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
  /** What stands in a record that has faults, where the feed keeps that for audit. */
  describe?(record: CsvRecord): Record<string, unknown>;
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

/** Where a row went: the transaction that a line became; nulls in a feed that has none. */
export interface PostedRow {
  line: number;
  transactionId: string | null;
  accountId: bigint | null;
  /** Of the account number. */
  last4: string | null;
}

/** What became of rows without a file: all are there, or none. */
export type TakenRows =
  | { isTaken: true; rowsPosted: number; rowsDuplicate: number }
  | {
      isTaken: false;
      /** Of each row that cannot be taken, the first of the request is 1: what is wrong with it, or `CONFLICT`. */
      faults: { row: number; faults: Fault[] }[];
    };

/** The report of a reconciliation, as it is written. */
export interface Reconciled {
  /** Absolute. The same rows and rules are the same folder, and the same bytes in it. */
  folder: string;
  report: ReconciliationReport;
  /** The text of `reconciliation_<YYYYMMDD>.json`, which says that. */
  json: string;
}

/** Mails that are written as files instead of being sent. */
export interface MailFiles {
  from: Mailbox;
}

/** The present version of a scope, for people. */
export interface VersionSummary {
  scope: string;
  importId: string;
  file: string;
  rows: number;
  /** RFC 3339 in UTC. */
  switchedAt: string;
  /** What a rollback goes back to. */
  previousImportId: string | null;
  previousFile: string | null;
}

/** What can be done with the versions of a feed that replaces. */
export interface FeedVersions {
  /** What a scope is called: agency. Null when the feed has none. */
  readonly scopeName: string | null;
  list(database: Queryable): Promise<VersionSummary[]>;
  /** @returns the id of the import that is current again; null when there is none to go back to */
  rollBack(database: Database, scope: string): Promise<string | null>;
  /** Deletes the rows of versions that nobody can go back to, in small statements. @returns how many */
  removeOld(database: Queryable): Promise<number>;
  /** Whether the posted rows of an import stay; else they are deleted, or will be at the next look. */
  keepsRows(database: Queryable, importNo: number): Promise<boolean>;
}

/** A kind of file, and everything about it: the one way to extend the product. */
export interface Feed {
  readonly name: string;
  readonly columns: readonly Column[];
  /** append: rows are added to those there are. replace: a file is all rows of its scope. */
  readonly mode: 'append' | 'replace';
  /** An import has a statement for each account, beside its index. */
  readonly hasStatements: boolean;
  /** What its chunks depend on beside the bytes, and stored with each import: a definition that is edited changes none that is begun. */
  readonly rowSchema?: object;
  /** Is a file with this header mine? */
  recognise(header: readonly string[], fileName: string): Recognition;
  /** The id of the import of these bytes, where it is made of more than those and their scope. */
  nameImport?(database: Queryable, file: { sha256: string; scope: string }): Promise<string>;
  /** Holds a file whose rows were counted before any is sent; null: it may be loaded. Left out: nothing is counted. */
  judge?(
    database: Queryable,
    file: { scope: string; importId: string; rowsRead: number; rowsBad: number },
  ): Promise<Hold | null>;
  /**
   * Of a feed whose rows have to be in a repository: holds all that counts now to it, by the present rules, and writes the report.
   * @returns null when nothing was loaded yet
   * @throws UserError when the classes do not foot
   */
  reconcile?(
    database: Database,
    options: { reportsFolder: string; locale: string; signal: AbortSignal },
  ): Promise<Reconciled | null>;
  /** Of a feed that replaces. */
  readonly versions?: FeedVersions;
  /**
   * Of a declared feed that appends: takes rows that come without a file, all or none. They count from then on.
   * @param rows the cells of each as text, in the order of `columns`; an empty one has no value, one that could not be read is its fault
   * @param options.timeZone of times without one
   */
  takeRows?(
    database: Database,
    rows: readonly (readonly (string | Fault)[])[],
    options: { timeZone: string },
  ): Promise<TakenRows>;
  /**
   * The account of all rows of a file, where its format says that no column has it. A hold when it is not to be found. Left out:
   * no format leads to this feed.
   */
  resolveAccount?(
    format: Format,
    where: { fileName: string; linesBefore: string },
  ): { format: Format; account: AccountIdentity | null } | Hold;
  /** @param options.isCounting only the faults of rows are asked for: it need not make chunks */
  makeRowReader(header: readonly string[], chunking: Chunking, options?: { isCounting?: boolean }): RowReader;
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
  /** Called once, in the transaction that completes the import: what becomes valid with it, and the reports due. */
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
   * They depend on the report and the import's rows alone. Left out: the feed has no statements.
   * @throws the reason of the signal soon after it aborts
   */
  renderLetters?(
    database: Database,
    reports: readonly DueReport[],
    signal: AbortSignal,
  ): AsyncGenerator<{ accountId: bigint; letter: Letter }>;
  /** Holds a file of a report to the database. @returns null when it is none of this feed, or not known here */
  verify(database: Database, content: Buffer): Promise<Verification | null>;
}
