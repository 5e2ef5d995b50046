import type { Queryable } from '@passbook/database';
import type { Verdict } from './attempt-rules.js';
import type { BegunAttempt } from './claim-deliveries.js';
import { cleanReply, REPLY_MAX } from './clean-reply.js';

/** Before why a mail has failed, of which nobody knows what came of an earlier attempt: who resends it must know. */
const MAY_HAVE_ARRIVED = 'An earlier attempt may have arrived. ';

/**
 * Says what came of an attempt. Also if its lease is over meanwhile: who made it knows better than who waited for it. But
 * not if another attempt was begun since, or a person has decided.
 * @returns whether it was taken
 */
export async function settleDelivery(
  database: Queryable,
  { no, attempt }: BegunAttempt,
  { state, reply, retryInMs }: Verdict,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `update deliveries set state = $3, lease_token = null, lease_until = null,
       next_attempt_at = case when $5::double precision is null then next_attempt_at
                              else now() + make_interval(secs => $5) end,
       sent_at = case when $3 = 'sent' then now() end,
       unknowns = known.unknowns + ($3 = 'unknown')::integer,
       reply = case when $3 = 'failed' and known.unknowns > 0 then left($6::text || $4, $7) else $4 end
     -- Of this attempt it is known now.
     from (select unknowns - (state = 'unknown')::integer as unknowns from deliveries where no = $1) known
     where no = $1 and attempts = $2 and state in ('sending', 'unknown')`,
    [
      no,
      attempt,
      state,
      cleanReply(reply),
      retryInMs === null ? null : retryInMs / 1000,
      MAY_HAVE_ARRIVED,
      REPLY_MAX,
    ],
  );
  return rowCount === 1;
}

/** Says that a claimed delivery can never be sent as it is: no server was told of this attempt. */
export async function failDelivery(
  database: Queryable,
  token: string,
  no: bigint,
  reason: string,
): Promise<void> {
  await database.query(
    `update deliveries set state = 'failed', lease_token = null, lease_until = null,
       reply = case when unknowns > 0 then left($4::text || $3, $5) else $3 end
     where no = $1 and lease_token = $2 and state in ('due', 'deferred', 'unknown')`,
    [no, token, cleanReply(reason), MAY_HAVE_ARRIVED, REPLY_MAX],
  );
}
