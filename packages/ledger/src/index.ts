export { averageMinor, currencyDecimals, formatAmount, parseAmount, type AmountFault } from './money.js';
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
export { listTransactions, type TransactionCursor } from './list-transactions.js';
export { listClients, readClient, type Client } from './read-client.js';
export { listAccounts, readAccount, type Account } from './read-account.js';
export {
  createAccount,
  createClient,
  createClientWithAccount,
  type NewAccount,
  type NewClient,
} from './create-client.js';
export { readBalance, type Balance } from './read-balance.js';
export { readTransfer } from './read-transfer.js';
export { makePoster, type PosterOptions } from './make-poster.js';
export {
  PosterBusyError,
  type Movement,
  type Operation,
  type Outcome,
  type Poster,
  type RefusalReason,
  type Transfer,
} from './operation.js';
export { writeEvent } from './write-event.js';
export { makeEventReader, type EventReader } from './read-events.js';
export {
  giveUpEventRelay,
  readEventRelayLag,
  rememberRelayed,
  takeEventRelay,
  type EventRelayLag,
} from './event-relay.js';
