import type { Queryable } from '@passbook/database';

/** What an import posted: its accounts, the net amount (null where it would add up several currencies), and their currencies. */
export async function readImportTotal(
  database: Queryable,
  importNo: number,
): Promise<{ accounts: number; netMinor: bigint | null; currencies: string[] }> {
  const { rows } = await database.query<{ accounts: number; net: string; currencies: string[] }>(
    `select count(*)::integer as accounts, coalesce(sum(credit_sum_minor + debit_sum_minor), 0)::text as net,
            coalesce(array_agg(distinct a.currency), '{}') as currencies
     from import_accounts i join accounts a on a.id = i.account_id where i.import_no = $1`,
    [importNo],
  );
  const { accounts, net, currencies } = rows[0]!;
  return { accounts, netMinor: currencies.length > 1 ? null : BigInt(net), currencies };
}
