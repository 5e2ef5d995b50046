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
  };
  // JSON.stringify takes its time for what is many. In a month, a time or an amount nothing is to be escaped.
  const quoted = (text: string | null): string => (text === null ? 'null' : `"${text}"`);
  const months = figures.months.map(
    (month) => `
    {
      "month": "${month.month}",
      "count": ${month.count},
      "credits": "${amount(month.credits)}",
      "debits": "${amount(month.debits)}",
      "averageCredit": ${quoted(average(month.credits, month.creditCount))},
      "averageDebit": ${quoted(average(month.debits, month.debitCount))}
    }`,
  );
  const listOfMonths = months.length === 0 ? '[]' : `[${months.join(',')}\n  ]`;
  return {
    head: `${JSON.stringify(summary, null, 2).slice(0, -'\n}'.length)},
  "months": ${listOfMonths},
  "transactions": [`,
    transaction: ({ id, occurredAt, amountMinor }, first) =>
      `${first ? '' : ','}\n    {"id":${JSON.stringify(id)},"occurredAt":"${occurredAt}","amount":"${amount(amountMinor)}"}`,
    tail: '\n  ]\n}\n',
  };
}
