export * from './money.js';
export { ledgerMigrations } from './migrations.js';
export { openAccounts, type AccountOpening, type Holder, type KnownAccount } from './open-accounts.js';
export {
  postTransactions,
  postTransactionsStaged,
  TRANSACTIONS_KEY,
  type Collision,
  type Posting,
  type PostingOutcome,
} from './post-transactions.js';
export {
  monthNo,
  printTransactionRow,
  readLine,
  readTransactionRow,
  ROW_BYTES,
  secondsOf,
  writeAmount,
  writeId,
  writeLine,
  writeMonth,
  writeOccurredAt,
  writeTransactionRow,
  type TransactionRow,
} from './transaction-row.js';
export { readImportTotal } from './import-total.js';
export { findPostedRow, listPostedRows, readPostedRows, type PostedRow } from './posted-rows.js';
export { readTransaction, type LedgerTransaction } from './read-transaction.js';
