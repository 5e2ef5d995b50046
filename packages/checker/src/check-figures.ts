import { nameAccount, type Book } from './book.js';
import type { Findings } from './findings.js';
import type { Sums } from './money.js';
import { importCounts, type DatabaseView, type ImportCount, type ImportRecord } from './read-database.js';

/** What the lines of a file became, counted here. */
export interface Tally {
  read: number;
  posted: number;
  duplicate: number;
  invalid: number;
  conflict: number;
  contradictions: number;
  /** With at least one posted row. */
  accounts: number;
  /** In cents. */
  net: bigint;
}

/** @returns by the number of the import */
export function tallyFiles(book: Book): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const file of book.files) {
    const tally = {
      posted: 0,
      duplicate: 0,
      invalid: 0,
      conflict: 0,
      contradictions: 0,
      accounts: 0,
      net: 0n,
    };
    for (const row of file.rows) {
      if (row.fate !== null) tally[row.fate] += 1;
      if (row.fate === 'posted' && row.account?.stored && row.holder !== row.account.stored.holder)
        tally.contradictions += 1;
    }
    tallies.set(file.record.no, { read: file.rows.length, ...tally });
  }
  for (const { byImport } of book.accounts.values()) {
    for (const [file, sums] of byImport) {
      const tally = tallies.get(file.record.no)!;
      tally.accounts += 1;
      tally.net += sums.credits + sums.debits;
    }
  }
  return tallies;
}

/** The counters of each import, and how many chunks it has. */
export async function checkCounters(
  findings: Findings,
  view: DatabaseView,
  imports: readonly ImportRecord[],
  tallies: Map<string, Tally>,
): Promise<void> {
  const chunks = new Map(
    (await view.list('select import_no, count(*) from loaded_chunks group by import_no')).map(
      ([importNo, count]) => [importNo!, Number(count)],
    ),
  );
  for (const record of imports) {
    const tally = tallies.get(record.no);
    const loaded = chunks.get(record.no) ?? 0;
    chunks.delete(record.no);
    const expected: Record<ImportCount, number> = {
      chunks_sent: loaded,
      chunks_loaded: loaded,
      rows_read: tally?.read ?? 0,
      rows_invalid: tally?.invalid ?? 0,
      rows_posted: tally?.posted ?? 0,
      rows_duplicate: tally?.duplicate ?? 0,
      rows_conflict: tally?.conflict ?? 0,
      contradictions: tally?.contradictions ?? 0,
    };
    for (const name of importCounts) {
      const stored = record.counts[name] ?? (tally ? 'unknown' : '0');
      if (stored !== String(expected[name]))
        findings.add('counts', `${name} of ${record.fileName} is ${stored}, and must be ${expected[name]}`);
    }
  }
  for (const [importNo, count] of chunks)
    findings.add('counts', `${count} chunks are of import ${importNo}, which is not there`);
}

/** Balances, months and the sums of imports, each held to the transactions. */
export async function checkSums(findings: Findings, book: Book, view: DatabaseView): Promise<void> {
  for (const account of book.accounts.values()) {
    if (account.stored && account.stored.balance !== account.balance)
      findings.add('balances', `that of the ${nameAccount(account)} is not the sum of its transactions`);
  }
  let months = 0;
  await view.each(
    `select account_id, to_char(month, 'YYYY-MM'), 0, credit_count, credit_sum_minor, debit_count, debit_sum_minor
     from account_months`,
    ([id, month, ...stored]) => {
      const account = book.accountById.get(id!);
      const sums = account?.byMonth.get(month!);
      if (!account || !sums)
        return findings.add('months', `${month} of account ${id} has no transaction, and is there`);
      months += 1;
      if (!isSameSums({ ...sums, rows: 0 }, stored))
        findings.add('months', `${month} of the ${nameAccount(account)} is not the sum of its transactions`);
    },
  );
  let shares = 0;
  await view.each(
    `select import_no, account_id, rows_posted, credit_count, credit_sum_minor, debit_count, debit_sum_minor
     from import_accounts`,
    ([importNo, id, ...stored]) => {
      const account = book.accountById.get(id!);
      const file = book.fileByNo.get(importNo!);
      const sums = file && account?.byImport.get(file);
      if (!sums) return findings.add('sums of imports', `import ${importNo} posted nothing to account ${id}`);
      shares += 1;
      if (!isSameSums(sums, stored))
        findings.add(
          'sums of imports',
          `those of ${file.record.fileName} and the ${nameAccount(account!)} are not those of its transactions`,
        );
    },
  );
  findMissing(findings, book, months, shares);
}

/** Each that was found is another one (they have keys): so only the numbers need to be compared. */
function findMissing(findings: Findings, book: Book, months: number, shares: number): void {
  const accounts = [...book.accounts.values()];
  // A month of which all amounts are zero has nothing to add up, and need not be there.
  const expectedMonths = accounts.reduce(
    (sum, { byMonth }) =>
      sum + [...byMonth.values()].filter((one) => one.creditCount + one.debitCount > 0).length,
    0,
  );
  const expectedShares = accounts.reduce((sum, { byImport }) => sum + byImport.size, 0);
  if (months !== expectedMonths)
    findings.add('months', `${expectedMonths - months} of accounts with transactions are missing`);
  if (shares !== expectedShares)
    findings.add('sums of imports', `${expectedShares - shares} of accounts with posted rows are missing`);
}

function isSameSums(sums: Sums, [rows, creditCount, credits, debitCount, debits]: string[]): boolean {
  return (
    String(sums.rows) === rows &&
    String(sums.creditCount) === creditCount &&
    String(sums.credits) === credits &&
    String(sums.debitCount) === debitCount &&
    String(sums.debits) === debits
  );
}
