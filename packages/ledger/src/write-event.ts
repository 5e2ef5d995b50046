import type { EventData, EventType } from '@passbook/contracts';
import type { Transaction } from '@passbook/database';

/** Writes what others are to be told, in the transaction in which it happens: it is told exactly if that is committed. */
export async function writeEvent<Type extends EventType>(
  trx: Transaction,
  event: { type: Type; accountId: bigint | null; data: EventData<Type> },
): Promise<void> {
  await trx.query('insert into events (account_id, type, payload) values ($1, $2, $3)', [
    event.accountId,
    event.type,
    JSON.stringify(event.data),
  ]);
}
