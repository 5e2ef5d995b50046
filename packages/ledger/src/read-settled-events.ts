import type { EventData, LedgerEvent } from '@passbook/contracts';
import type { Queryable } from '@passbook/database';
import { currencyDecimals, formatAmount } from './money.js';
import type { Transfer } from './operation.js';
import { transferColumns } from './read-transfer.js';

type EventRow = Transfer & {
  eventId: bigint;
  accountId: bigint | null;
  type: LedgerEvent['type'];
  payload: EventData | null;
  createdAt: string;
};

/** The events after an id and up to another, both settled, in the order of ids. @param limit the most of them */
export async function readSettledEvents(
  database: Queryable,
  after: bigint,
  upTo: bigint,
  limit: number,
): Promise<LedgerEvent[]> {
  const { rows } = await database.query<EventRow>(
    `select e.id as "eventId", e.account_id as "accountId", e.type, e.payload, e.created_at as "createdAt", ${transferColumns}
     from (select * from events where id > $1 and id <= $2 order by id limit $3) e
     left join transfers t on t.id = e.transfer_id
     order by e.id`,
    [after, upTo, limit],
  );
  return rows.map((row) => ({
    id: row.eventId,
    accountId: row.accountId,
    type: row.type,
    data: row.payload ?? describeLeg(row),
    createdAt: row.createdAt,
  }));
}

/** What happened to the account of the event: a transfer never changes, so this is what it was when the event was written. */
function describeLeg(row: EventRow): EventData {
  const { id: transferId, currency, kind, occurredAt, reverses } = row;
  const decimals = currencyDecimals(currency);
  const isFrom = row.fromAccountId === row.accountId;
  const balance = formatAmount((isFrom ? row.fromBalanceMinor : row.toBalanceMinor)!, decimals);
  if (row.type !== 'transfer_posted') return { transferId, balance, currency };
  const amount = formatAmount(isFrom ? -row.amountMinor : row.amountMinor, decimals);
  return { transferId, kind, amount, currency, balance, occurredAt, reverses };
}
