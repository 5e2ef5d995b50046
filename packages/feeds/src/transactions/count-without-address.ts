import type { Queryable } from '@passbook/database';
import { isUsableAddress } from '@passbook/mail';

/** Addresses that are in memory at once. */
const PAGE = 10_000;

/** How many statements of an import have an account to which no mail can go. The reports are there as soon as it is complete. */
export async function countWithoutAddress(database: Queryable, importNo: number): Promise<number> {
  let count = 0;
  for (let after = -1n; ;) {
    const { rows } = await database.query<{ accountId: bigint; email: string | null }>(
      `select account_id as "accountId", snapshot->>'email' as email from reports
       where import_no = $1 and account_id > $2 order by account_id limit $3`,
      [importNo, after, PAGE],
    );
    count += rows.filter(({ email }) => !isUsableAddress(email)).length;
    if (rows.length < PAGE) return count;
    after = rows.at(-1)!.accountId;
  }
}
