import type { DueReport } from '@passbook/imports';
import { isUsableAddress } from '@passbook/mail';
import type { StatementSnapshot } from './reports-due.js';
import type { StatementFigures, StatementMonth } from './statement-figures.js';

/** The report of one account. */
export type StatementReport = DueReport & { accountId: bigint };

export const isStatement = (report: DueReport): report is StatementReport => report.accountId !== null;

/** How many transactions the statement has. */
export const countTransactions = ({ snapshot }: StatementReport): number =>
  (snapshot as StatementSnapshot).rows;

/** Where the statement can be mailed to; null where its holder has no such address. */
export function addressOf({ snapshot }: StatementReport): string | null {
  const { email } = snapshot as StatementSnapshot;
  return isUsableAddress(email) ? email : null;
}

/** What a statement says, from its row of `reports` and the sums of its transactions. */
export function figuresOf(report: StatementReport, months: StatementMonth[]): StatementFigures {
  const snapshot = report.snapshot as StatementSnapshot;
  return {
    import: { id: report.importId, file: report.fileName },
    account: {
      id: String(report.accountId),
      last4: snapshot.last4,
      type: snapshot.type,
      currency: snapshot.currency,
    },
    client: { name: snapshot.name, email: snapshot.email },
    openingMinor: BigInt(snapshot.opening),
    closingMinor: BigInt(snapshot.closing),
    totalCreditsMinor: BigInt(snapshot.credits),
    totalDebitsMinor: BigInt(snapshot.debits),
    creditCount: snapshot.creditCount,
    debitCount: snapshot.debitCount,
    transactionCount: snapshot.rows,
    months,
    locale: report.locale,
    timeZone: report.timeZone,
  };
}
