import { findRow, nameAccount, nameRow, rowAt, rowsOf, type Account, type Book, type Row } from './book.js';
import type { Findings } from './findings.js';
import { addTo } from './money.js';
import { momentSql, type DatabaseView } from './read-database.js';

/** The accounts of the database are those of rows that can be posted, each with its own client and a holder of its rows. */
export async function checkAccounts(findings: Findings, book: Book, view: DatabaseView): Promise<void> {
  const byHash = new Map([...book.accounts.values()].map((account) => [account.hash, account]));
  const clients = new Set<string>();
  const rows = await view.list(
    `select a.id, coalesce(encode(number_hash, 'hex'), ''), coalesce(number_last4, ''), a.type, currency, balance_minor,
            coalesce(min_balance_minor::text, ''), a.client_id, c.name, c.first_name, c.last_name, c.born_on, c.email
     from accounts a left join clients c on c.id = a.client_id`,
  );
  for (const row of rows) {
    const [id, hash, last4, type, currency, balance, least, client, name, ...holder] = row;
    const account = byHash.get(hash!);
    if (!account) {
      findings.add('accounts', `the account ${id} (…${last4}) is of no row of any file`);
      continue;
    }
    const said = [...holder, type].join('\0');
    if (account.digits.slice(-4) !== last4)
      findings.add('accounts', `the ${nameAccount(account)} shows the digits ${last4}`);
    if (currency !== 'USD' || least !== '')
      findings.add(
        'accounts',
        `the ${nameAccount(account)} is in ${currency}, with the least balance ${least}`,
      );
    if (!account.holders.has(said) || name !== `${holder[0]} ${holder[1]}`)
      findings.add('accounts', `the holder of the ${nameAccount(account)} is that of none of its rows`);
    if (clients.has(client!))
      findings.add('accounts', `the ${nameAccount(account)} has the client of another account`);
    clients.add(client!);
    account.stored = {
      ...{ id: id!, balance: BigInt(balance!), type: type!, holder: said },
      ...{ name: name!, email: holder[3]! },
    };
    book.accountById.set(id!, account);
  }
  const [[count] = []] = await view.list('select count(*) from clients');
  if (Number(count) !== clients.size)
    findings.add('accounts', `there are ${count} clients of ${clients.size} accounts`);
  for (const account of book.accounts.values())
    if (!account.stored) findings.add('accounts', `the ${nameAccount(account)} is not in the database`);
}

/**
 * Every transaction is a row of a file, with its account, id, time and amount; and of the rows with one account and id exactly
 * one is in the ledger. Gives every row its fate: what the others must be follows from the one in the ledger.
 */
export async function checkLedger(findings: Findings, book: Book, view: DatabaseView): Promise<void> {
  await view.each(
    `select account_id, import_no, line, id, ${momentSql('occurred_at')}, amount_minor from transactions`,
    ([accountId, importNo, line, id, time, amount]) => {
      const account = book.accountById.get(accountId!);
      const file = book.fileByNo.get(importNo!);
      const at = Number(line);
      // Nearly always the row is where its account and id say: that is quicker than to look for the line.
      const own = account && findRow(account, id!, (one) => one.file === file && one.line === at);
      const row = own ?? (file && rowAt(file, at));
      if (!row) {
        const place = `transaction ${id} of import ${importNo}, line ${line}`;
        return findings.add('ledger', `the ${place} is of no line of any file`);
      }
      if (!row.account) return findings.add('ledger', `${nameRow(row)} has a fault, and is posted`);
      if (row.account !== account)
        return findings.add('ledger', `${nameRow(row)} is posted to another account`);
      const cents = BigInt(amount!);
      // Balances and sums are held to what the ledger has.
      count(row, account, time!, cents);
      if (row.id !== id) return findings.add('ledger', `${nameRow(row)} is posted with another id, ${id}`);
      if (row.time !== time || row.cents !== cents)
        findings.add('ledger', `${nameRow(row)} is posted with another time or amount`);
      if (row.fate === 'posted') findings.add('ledger', `${nameRow(row)} is posted twice`);
      row.fate = 'posted';
    },
  );
  for (const account of book.accounts.values()) {
    for (const id of account.rowsById.keys()) decideFates(findings, account, rowsOf(account, id));
  }
}

function count(row: Row, account: Account, time: string, cents: bigint): void {
  account.balance += cents;
  addTo(account.byImport, row.file, cents);
  addTo(account.byMonth, time.slice(0, 7), cents);
}

function decideFates(findings: Findings, account: Account, rows: readonly Row[]): void {
  const posted = rows.find((row) => row.fate === 'posted');
  if (!posted) {
    const others = rows.length > 1 ? `, nor any of the ${rows.length - 1} others with its id` : '';
    findings.add('ledger', `${nameRow(rows[0]!)} (${nameAccount(account)}) is not in the ledger${others}`);
    return;
  }
  for (const row of rows) {
    if (row.fate === 'posted' && row !== posted)
      findings.add('ledger', `${nameRow(row)} and ${nameRow(posted)} have one id, and both are posted`);
    if (row !== posted) row.fate = isSame(row, posted) ? 'duplicate' : 'conflict';
  }
}

export function isSame(one: Row, other: Row): boolean {
  return one.time === other.time && one.cents === other.cents;
}
