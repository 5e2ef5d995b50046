import { isUniqueViolation } from '@passbook/database';
import {
  currencyDecimals,
  findPostedRow,
  formatAmount,
  listPostedRows,
  readImportTotal,
  readPostedRows,
  TRANSACTIONS_KEY,
} from '@passbook/ledger';
import { readImport } from '@passbook/imports';
import type { Feed } from '../feed.js';
import { resolveAccount, type FileFormat } from '../formats/file-format.js';
import { makeFormatRowReader } from '../formats/format-row-reader.js';
import { recogniseHeader } from '../recognise-header.js';
import { printChunkPayload } from './chunk-payload.js';
import { transactionColumns } from './columns.js';
import { countWithoutAddress } from './count-without-address.js';
import { loadTransactionChunks } from './load-chunks.js';
import { makeChunkPreparer, type PreparedTransactions } from './prepare-chunks.js';
import { renderTransactionLetters } from './render-letters.js';
import { renderTransactionReports } from './render-reports.js';
import { addressOf, isStatement } from './report-figures.js';
import { makeTransactionReportsDue } from './reports-due.js';
import { makeNumberHasher, makeTransactionRowReader } from './row-reader.js';
import { verifyStatement } from './verify-statement.js';

/**
 * Files of account transactions: each row one transaction of one account, posted once.
 * @param accountNumberKey the key of the hash that account numbers become; only who reads files needs it
 */
export function makeTransactionsFeed({ accountNumberKey }: { accountNumberKey: string | null }): Feed {
  const hashNumber = (): ((digits: string) => string) => {
    if (accountNumberKey === null) throw new Error('Without the key of account numbers no file can be read.');
    return makeNumberHasher(accountNumberKey);
  };
  return {
    name: 'transactions',
    columns: transactionColumns,
    mode: 'append',
    hasStatements: true,
    recognise: (header) => recogniseHeader(header, transactionColumns),
    resolveAccount: (format, where) => resolveAccount(format, where, hashNumber()),
    makeRowReader: (header, chunking) =>
      chunking.format === undefined
        ? makeTransactionRowReader(header, chunking, hashNumber())
        : makeFormatRowReader(header, chunking, chunking.format as FileFormat, hashNumber()),
    prepare: makeChunkPreparer(),
    load: (trx, chunks, way) => loadTransactionChunks(trx, chunks as readonly PreparedTransactions[], way),
    wantsStaging: (err) => isUniqueViolation(err, TRANSACTIONS_KEY),
    printPayload: printChunkPayload,
    reportsDue: makeTransactionReportsDue,
    async countPosted(database, importNo) {
      const { accounts, netMinor, currencies } = await readImportTotal(database, importNo);
      const counts = { accounts, accountsWithoutAddress: await countWithoutAddress(database, importNo) };
      if (netMinor === null) return { ...counts, amountPosted: null, currency: null };
      const currency = currencies[0] ?? (await readImport(database, importNo)).chunking.currency;
      return { ...counts, amountPosted: formatAmount(netMinor, currencyDecimals(currency)), currency };
    },
    listPosted: listPostedRows,
    findPosted: findPostedRow,
    readPosted: readPostedRows,
    render: renderTransactionReports,
    addressOf: (report) => (isStatement(report) ? addressOf(report) : null),
    renderLetters: renderTransactionLetters,
    verify: verifyStatement,
  };
}
