import { createHash } from 'node:crypto';
import { rowsOf, type Book } from './book.js';
import { isSame } from './check-ledger.js';

/**
 * One hash of what is in the ledger, over the rows whose account and id no other row contradicts: which of two such rows is
 * posted depends on which came first. Sorted, so that it does not depend on any order.
 */
export function hashLedger(book: Book): string {
  const hash = createHash('sha256');
  const accounts = [...book.accounts.values()].sort((one, other) => (one.hash < other.hash ? -1 : 1));
  for (const account of accounts) {
    const lines: string[] = [];
    for (const id of account.rowsById.keys()) {
      const rows = rowsOf(account, id);
      const posted = rows.find((row) => row.fate === 'posted');
      if (!posted || !rows.every((row) => isSame(row, posted))) continue;
      lines.push(`${account.hash},${id},${posted.time},${posted.cents}\n`);
    }
    hash.update(lines.sort().join(''));
  }
  return hash.digest('hex');
}
