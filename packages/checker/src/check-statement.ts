import { findRow, nameAccount, type Account, type LoadedFile, type Row } from './book.js';
import type { Findings } from './findings.js';
import { addAmount, addTo, noSums, writeAverage, writeCents, type Sums } from './money.js';

/** What a statement's JSON has, as far as it can be trusted. */
interface StatementJson {
  openingBalance: string;
  closingBalance: string;
  transactions: { id: string; occurredAt: string; amount: string }[];
  months: { month: string }[];
}

/**
 * Holds the JSON of a statement to the rows that its import posted to its account.
 * @returns its closing balance in cents, or null when it has none that can be read
 */
export function checkStatement(
  findings: Findings,
  parts: { place: string; json: string; file: LoadedFile; account: Account; rows: readonly Row[] },
): bigint | null {
  const { place, file, account, rows } = parts;
  let statement: StatementJson & Record<string, unknown>;
  try {
    statement = JSON.parse(parts.json) as typeof statement;
  } catch {
    findings.add('statements', `${place} is no JSON`);
    return null;
  }
  const sums = noSums();
  const months = new Map<string, Sums>();
  for (const row of rows) {
    addAmount(sums, row.cents);
    addTo(months, row.time.slice(0, 7), row.cents);
  }
  const { stored } = account;
  const expected: Record<string, unknown> = {
    import: { id: file.record.id, file: file.record.fileName },
    account: { id: stored!.id, last4: account.digits.slice(-4), type: stored!.type, currency: 'USD' },
    client: { name: stored!.name, email: stored!.email },
    totalCredits: writeCents(sums.credits),
    totalDebits: writeCents(sums.debits),
    transactionCount: sums.rows,
    creditCount: sums.creditCount,
    debitCount: sums.debitCount,
    averageCredit: writeAverage(sums.credits, sums.creditCount),
    averageDebit: writeAverage(sums.debits, sums.debitCount),
    months: [...months].sort(([one], [other]) => (one < other ? -1 : 1)).map(describeMonth),
  };
  for (const [name, value] of Object.entries(expected)) {
    if (JSON.stringify(statement[name]) !== JSON.stringify(value))
      findings.add('statements', `${place} (${nameAccount(account)}) has another ${name} than its rows`);
  }
  checkTransactions(findings, parts, statement.transactions);
  return checkBalances(findings, place, statement, sums.credits + sums.debits);
}

function describeMonth([month, sums]: [string, Sums]): object {
  return {
    month,
    count: sums.rows,
    credits: writeCents(sums.credits),
    debits: writeCents(sums.debits),
    averageCredit: writeAverage(sums.credits, sums.creditCount),
    averageDebit: writeAverage(sums.debits, sums.debitCount),
  };
}

/** Opening and closing are not of this import alone; but what is between them is. */
function checkBalances(
  findings: Findings,
  place: string,
  statement: StatementJson,
  net: bigint,
): bigint | null {
  const opening = readCents(statement.openingBalance);
  const closing = readCents(statement.closingBalance);
  if (opening === null || closing === null) {
    findings.add('statements', `${place} has no opening or no closing balance`);
    return null;
  }
  if (closing - opening !== net)
    findings.add('statements', `${place}: its balances are not apart by the sum of its rows`);
  return closing;
}

/** The list is the set of the rows: each of them is one of it, there are as many, and none twice. */
function checkTransactions(
  findings: Findings,
  { place, file, account, rows }: { place: string; file: LoadedFile; account: Account; rows: readonly Row[] },
  listed: StatementJson['transactions'],
): void {
  if (!Array.isArray(listed) || listed.length !== rows.length) {
    findings.add('statements', `${place} has not as many transactions as its import posted`);
    return;
  }
  const seen = new Set<string>();
  for (const { id, occurredAt, amount } of listed) {
    const row = findRow(account, id, (one) => one.file === file && one.fate === 'posted');
    const isRight =
      row &&
      !seen.has(id) &&
      occurredAt === `${row.time.slice(0, 10)}T${row.time.slice(11)}Z` &&
      amount === writeCents(row.cents);
    seen.add(id);
    if (!isRight)
      findings.add('statements', `${place}: its transaction ${id} is not one of its rows, or is there twice`);
  }
}

function readCents(text: unknown): bigint | null {
  if (typeof text !== 'string' || !/^-?\d+\.\d\d$/.test(text)) return null;
  return BigInt(text.replace('.', ''));
}
