import type { Transaction } from '@passbook/database';
import { maskAddress } from './clean-reply.js';

/** Makes mails due, in the transaction that marks their statements as rendered. One that is there stays as it is. */
export async function makeDeliveriesDue(
  trx: Transaction,
  importNo: number,
  recipients: readonly { accountId: bigint; address: string }[],
): Promise<void> {
  await trx.query(
    `insert into deliveries (import_no, account_id, recipient)
     select $1, account_id, recipient from unnest($2::bigint[], $3::text[]) as one (account_id, recipient)
     order by account_id
     on conflict (import_no, account_id) do nothing`,
    [importNo, recipients.map((one) => one.accountId), recipients.map((one) => maskAddress(one.address))],
  );
}
