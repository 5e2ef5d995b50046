import type { Queryable } from '@passbook/database';

/** What an import posted: its accounts, the net amount, and the currency of them (null when there are several or none). */
export async function readImportTotal(
  database: Queryable,
  importNo: number,
): Promise<{ accounts: number; netMinor: bigint; currency: string | null }> {
  const { rows } = await database.query<{ accounts: number; net: string; currencies: string[] | null }>(
    `select count(*)::integer as accounts, coalesce(sum(credit_sum_minor + debit_sum_minor), 0)::text as net,
            array_agg(distinct a.currency) as currencies
     from import_accounts i join accounts a on a.id = i.account_id where i.import_no = $1`,
    [importNo],
  );
  const row = rows[0]!;
  const currency = row.currencies?.length === 1 ? row.currencies[0]! : null;
  return { accounts: row.accounts, netMinor: BigInt(row.net), currency };
}
