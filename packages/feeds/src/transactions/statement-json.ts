import { averageMinor, currencyDecimals, formatAmount } from '@passbook/ledger';
import type { StatementFigures, StatementTransaction } from './statement-figures.js';

/** A JSON text in parts, so that an account with millions of transactions needs no memory for them. */
export interface StatementJson {
  /** Up to and with `"transactions": [`. */
  head: string;
  /** One line; `first` is true for the first one only. */
  transaction(transaction: StatementTransaction, first: boolean): string;
  /** Ends the list and the text. */
  tail: string;
}

/**
 * The statement as JSON: head, each transaction, tail are one valid text. Amounts are decimal strings, an average of
 * nothing is null. Throws a RangeError for an unknown currency.
 */
export function makeStatementJson(figures: StatementFigures): StatementJson {
  const decimals = currencyDecimals(figures.account.currency);
  const amount = (minor: bigint): string => formatAmount(minor, decimals);
  const average = (sum: bigint, count: number): string | null => {
    const mean = averageMinor(sum, count);
    return mean === null ? null : amount(mean);
  };
  const { account, client } = figures;
  const summary = {
    import: { id: figures.import.id, file: figures.import.file },
    account: { id: account.id, last4: account.last4, type: account.type, currency: account.currency },
    client: { name: client.name, email: client.email },
    openingBalance: amount(figures.openingMinor),
    closingBalance: amount(figures.closingMinor),
    totalCredits: amount(figures.totalCreditsMinor),
    totalDebits: amount(figures.totalDebitsMinor),
    transactionCount: figures.transactionCount,
    creditCount: figures.creditCount,
    debitCount: figures.debitCount,
    averageCredit: average(figures.totalCreditsMinor, figures.creditCount),
    averageDebit: average(figures.totalDebitsMinor, figures.debitCount),
    months: figures.months.map((month) => ({
      month: month.month,
      count: month.count,
      credits: amount(month.credits),
      debits: amount(month.debits),
      averageCredit: average(month.credits, month.creditCount),
      averageDebit: average(month.debits, month.debitCount),
    })),
  };
  return {
    head: `${JSON.stringify(summary, null, 2).slice(0, -'\n}'.length)},\n  "transactions": [`,
    transaction: ({ id, occurredAt, amountMinor }, first) =>
      `${first ? '' : ','}\n    ${JSON.stringify({ id, occurredAt, amount: amount(amountMinor) })}`,
    tail: '\n  ]\n}\n',
  };
}
