import type { Queryable } from '@passbook/database';
import { RESENDS_MAX } from './claim-deliveries.js';
import type { Delivery, DeliveryState } from './delivery.js';

/** Which deliveries are meant; without anything all. */
export interface DeliveryFilter {
  importNo?: number | null;
  /** Those in one of these states. */
  states?: readonly DeliveryState[] | null;
  /** Only those with a greater number. */
  afterNo?: bigint | null;
}

/** Deliveries in the order of their numbers. */
export async function listDeliveries(
  database: Queryable,
  limit: number,
  { importNo = null, states = null, afterNo = null }: DeliveryFilter = {},
): Promise<Delivery[]> {
  const { rows } = await database.query<Delivery & { [name: string]: unknown }>(
    `select d.no, i.id as "importId", i.file_name as file, d.account_id as "accountId", d.recipient, d.state,
            d.is_held as "isHeld", d.attempts, d.sent_at as "sentAt", d.message_id as "messageId", d.reply,
            case when not d.is_held and (d.state in ('due', 'deferred') or d.state = 'unknown' and d.unknowns <= $5)
              then d.next_attempt_at end as "nextAttemptAt"
     from deliveries d join imports i on i.no = d.import_no
     where ($2::integer is null or d.import_no = $2) and ($3::text[] is null or d.state = any($3))
       and ($4::bigint is null or d.no > $4)
     order by d.no limit $1`,
    [limit, importNo, states, afterNo, RESENDS_MAX],
  );
  return rows;
}

/** How many deliveries there are in each state; a state without any is missing. */
export type DeliveryCounts = Partial<Record<DeliveryState, number>>;

/** Of each of these imports that has deliveries. */
export async function countDeliveries(
  database: Queryable,
  importNos: readonly number[],
): Promise<Map<number, DeliveryCounts>> {
  const { rows } = await database.query<{ importNo: number; state: DeliveryState; count: bigint }>(
    `select import_no as "importNo", state, count(*) from deliveries where import_no = any($1) group by import_no, state`,
    [importNos],
  );
  const counts = new Map<number, DeliveryCounts>();
  for (const { importNo, state, count } of rows)
    counts.set(importNo, { ...counts.get(importNo), [state]: Number(count) });
  return counts;
}

/** Mails of an import that no server was told of yet, and those that are being sent. Not those that a person holds. */
export async function countUntried(database: Queryable, importNo: number): Promise<number> {
  const { rows } = await database.query<{ count: bigint }>(
    `select count(*) from deliveries where import_no = $1 and state in ('due', 'sending') and not is_held`,
    [importNo],
  );
  return Number(rows[0]!.count);
}

/** Time enough for a sender to begin with what is due. */
const WAITING_SECONDS = 60;

/** Why mails that are due are not sent, in a sentence with the way out; null when none waits. */
export async function explainWaiting(database: Queryable): Promise<string | null> {
  const { rows } = await database.query<{ count: bigint; reply: string | null; isTold: boolean }>(
    `with due as (
       select state, reply, next_attempt_at, lease_until from deliveries
       where state in ('due', 'deferred') and not is_held and next_attempt_at <= now())
     select count(*), max(reply) as reply,
            -- No server was told of a mail that is due: a reason that stands there is why.
            bool_or(state = 'due' and reply is not null)
            or min(next_attempt_at) < now() - make_interval(secs => $1)
               and not coalesce(bool_or(lease_until > now()), false)
               and not exists (select from deliveries where state = 'sending') as "isTold"
     from due`,
    [WAITING_SECONDS],
  );
  const { count, reply, isTold } = rows[0]!;
  if (count === 0n || !isTold) return null;
  const mails = count === 1n ? '1 mail waits' : `${count} mails wait`;
  return reply === null
    ? `${mails}, and nobody sends them: a reporter (or npm start) with SMTP_URL does.`
    : `${mails}, for the mail server takes none at present: ${reply}`;
}

/** How many deliveries there are in each state that any is in. */
export async function countDeliveryStates(
  database: Queryable,
): Promise<{ state: DeliveryState; count: bigint }[]> {
  const { rows } = await database.query<{ state: DeliveryState; count: bigint }>(
    'select state, count(*) as count from deliveries group by state',
  );
  return rows;
}
