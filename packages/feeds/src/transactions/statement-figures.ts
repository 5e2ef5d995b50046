/**
 * What a statement says, before it has a form. Money is bigint minor units; debits are negative everywhere.
 * Nothing here depends on when or where a page is rendered: the same figures are the same bytes, each time.
 */

/** The newest transactions that a page lists. A browser lays them out at once, and a printout stays a few pages. */
export const STATEMENT_TRANSACTIONS_MAX = 1_000;

/** Accounts that an index lists: some 3 MB, which a browser still shows at once. */
export const INDEX_ACCOUNTS_MAX = 10_000;

/** One month of the calendar, in the time zone of the statement. Months without a transaction are left out. */
export interface StatementMonth {
  /** `2021-01` */
  month: string;
  /** All transactions, those with an amount of zero too. */
  count: number;
  credits: bigint;
  debits: bigint;
  creditCount: number;
  debitCount: number;
}

export interface StatementFigures {
  import: { id: string; file: string };
  account: { id: string; last4: string; type: string | null; currency: string };
  client: { name: string; email: string | null };
  openingMinor: bigint;
  closingMinor: bigint;
  totalCreditsMinor: bigint;
  /** Negative, or 0. */
  totalDebitsMinor: bigint;
  creditCount: number;
  debitCount: number;
  /** More than credits and debits together where amounts of zero are among them. */
  transactionCount: number;
  /** Oldest first. */
  months: StatementMonth[];
  /** BCP 47, such as `en-US`: how numbers and dates look. The words are English. */
  locale: string;
  /** IANA, such as `Europe/Berlin`: where the days and months begin, and the clock that the times are read from. */
  timeZone: string;
}

export interface StatementTransaction {
  id: string;
  /** RFC 3339 in UTC. */
  occurredAt: string;
  amountMinor: bigint;
}

/** The page that leads to the statements of one import. */
export interface ImportIndexFigures {
  importId: string;
  file: string;
  feed: string;
  rowsRead: number | bigint;
  rowsPosted: number | bigint;
  rowsDuplicate: number | bigint;
  rowsQuarantined: number | bigint;
  contradictions: number | bigint;
  /** What was posted, one for each currency. */
  totals: readonly ImportIndexTotal[];
  /** All accounts with at least one posted row. */
  accountCount: number;
  /** Those that the page lists: at most INDEX_ACCOUNTS_MAX. */
  accounts: readonly ImportIndexAccount[];
  locale: string;
}

export interface ImportIndexTotal {
  currency: string;
  transactionCount: number | bigint;
  creditsMinor: bigint;
  /** Negative, or 0. */
  debitsMinor: bigint;
}

export interface ImportIndexAccount {
  accountId: string;
  last4: string;
  type: string | null;
  clientName: string;
  transactionCount: number;
  closingMinor: bigint;
  currency: string;
  /** Names of files in the same folder as the page. */
  htmlFile: string;
  jsonFile: string;
}
