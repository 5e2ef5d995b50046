/** Options of a generated transactions file; the same options give the same bytes. */
export interface GenerateOptions {
  accounts: number;
  /** Operations of each account. */
  operations: number;
  /** 0 to 4294967295; another number gives other rows. Default 1. */
  seed?: number;
  /** Share of rows that are wrong in some way, 0 to 1. Default 0. */
  bad?: number;
  /** First and last day of the operations, `YYYY-MM-DD`. Default 2021-01-01 to 2022-12-31. */
  from?: string;
  to?: string;
  /** Default shuffled. */
  order?: 'shuffled' | 'account' | 'time';
  /** Every cell in quotation marks. Default false. */
  quoted?: boolean;
  /** Default crlf. */
  eol?: 'crlf' | 'lf';
  /** Also gather the sums of each account. Default false. */
  figures?: boolean;
}

export interface GenerateAnswers {
  rows: number;
  goodRows: number;
  badRows: number;
  /** Accounts with at least one good row. */
  accountCount: number;
  netMinor: bigint;
  /** `netMinor` as a receipt has it, such as `-0.05`. */
  net: string;
  /** By account number; null without the option `figures`. */
  accounts: Map<string, { count: number; creditsMinor: bigint; debitsMinor: bigint }> | null;
}

/** Pieces of text of about 64 KiB. `answers` is known when the last one has been read. */
export function generateTransactions(
  options: GenerateOptions,
): Iterable<string> & { answers(): GenerateAnswers };
