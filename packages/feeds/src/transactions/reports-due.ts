import type { Transaction } from '@passbook/database';

/** Raised when a statement of the same figures would look different. */
export const STATEMENT_TEMPLATE_VERSION = 2;

/**
 * Makes due: a statement for each account with a posted row, and the index of the import. Their figures are those of this
 * very moment: closing is the balance in the transaction that completes the import, opening is closing less what the
 * import posted. Nobody can change a balance in between, for the reports are one statement with one snapshot.
 */
export async function makeTransactionReportsDue(trx: Transaction, importNo: number): Promise<void> {
  await trx.query(
    // Sums go into JSON as text: JSON numbers would be read as floats.
    `insert into reports (import_no, account_id, rows_posted, template_version, snapshot)
     select i.import_no, a.id, i.rows_posted, $2, jsonb_build_object(
       'opening', (a.balance_minor - i.credit_sum_minor - i.debit_sum_minor)::text, 'closing', a.balance_minor::text,
       'credits', i.credit_sum_minor::text, 'debits', i.debit_sum_minor::text,
       'creditCount', i.credit_count, 'debitCount', i.debit_count, 'rows', i.rows_posted,
       'last4', a.number_last4, 'type', a.type, 'currency', a.currency, 'name', c.name, 'email', c.email)
     from import_accounts i join accounts a on a.id = i.account_id join clients c on c.id = a.client_id
     where i.import_no = $1 order by a.id`,
    [importNo, STATEMENT_TEMPLATE_VERSION],
  );
  await trx.query(
    `insert into reports (import_no, account_id, template_version, snapshot)
     select no, null, $2, jsonb_build_object('rowsRead', rows_read, 'rowsPosted', rows_posted, 'rowsDuplicate', rows_duplicate,
       'rowsQuarantined', rows_invalid + rows_conflict, 'contradictions', contradictions)
     from imports where no = $1`,
    [importNo, STATEMENT_TEMPLATE_VERSION],
  );
}

/** The snapshot of a statement as it is stored. Sums in minor units, as decimal text. */
export interface StatementSnapshot {
  opening: string;
  closing: string;
  credits: string;
  debits: string;
  creditCount: number;
  debitCount: number;
  rows: number;
  last4: string;
  type: string | null;
  currency: string;
  name: string;
  email: string | null;
}

/** The snapshot of an import's index. Counts are of rows. */
export interface IndexSnapshot {
  rowsRead: number;
  rowsPosted: number;
  rowsDuplicate: number;
  rowsQuarantined: number;
  contradictions: number;
}
