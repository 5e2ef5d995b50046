import { randomUUID } from 'node:crypto';

export const transactionsHeader =
  'account_number,first_name,last_name,dob,email,type,operation_id,transaction_ts,transaction';

/** The cells of a row by short names, for tests that change one of them. */
export interface RowCells {
  account: string;
  first: string;
  last: string;
  dob: string;
  email: string;
  type: string;
  id: string;
  time: string;
  amount: string;
}

let accountsMade = 0;

/** An account number that nothing else in this process uses: tests of one file share a ledger. */
export function newAccountNumber(): string {
  return String(600_000_000_000 + ++accountsMade);
}

/** A row that can be posted, as text; of a new account and with a new id unless they are given. */
export function transactionRow(cells: Partial<RowCells> = {}): string {
  const row: RowCells = {
    account: newAccountNumber(),
    first: 'Ann',
    last: 'Lee',
    dob: '1985-05-05',
    email: 'ann@example.com',
    type: 'credit',
    id: randomUUID(),
    time: '2021-01-31 10:00:00',
    amount: '1.00',
    ...cells,
  };
  return Object.values(row).join(',');
}

/** A transactions file of these rows. */
export function transactionsFile(rows: readonly string[], lineEnd = '\r\n'): string {
  return [transactionsHeader, ...rows, ''].join(lineEnd);
}
