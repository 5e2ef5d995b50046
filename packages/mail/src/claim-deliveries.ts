import { randomUUID } from 'node:crypto';
import type { Queryable } from '@passbook/database';

/*
 * 1. Claim some deliveries of one import.  Killed: the lease ends, nothing was sent, another claims them.
 * 2. Begin one: it is `sending`.           Killed: the lease ends, and it is `unknown`.
 * 3. Settle it (settle-delivery).
 *
 * The lease is short, and renewed while its process lives: of a killed one it is soon known what it leaves. Whoever was only
 * away may still be at work on an attempt. So an `unknown` mail is not sent again before that attempt must be over.
 */

/** How long nothing is heard of a sender before it is taken for dead. */
const LEASE_SECONDS = 15;
export const LEASE_RENEW_MS = 4_000;

/** When an attempt is over, whatever its sender does: longer than it can take (`attemptLimits`). */
const ATTEMPT_OVER_MINUTES = 30;

/** How often a mail is sent again by itself though it may have arrived. A server that never answers would get it for days. */
export const RESENDS_MAX = 1;

export interface Claim {
  token: string;
  /** Of all of them. */
  importNo: number;
  deliveries: { no: bigint; accountId: bigint }[];
}

/**
 * Claims deliveries of one import whose time has come; those that another has are passed over.
 * @returns null when there is none
 */
export async function claimDeliveries(
  database: Queryable,
  { limit, isUnknownResent }: { limit: number; isUnknownResent: boolean },
): Promise<Claim | null> {
  const token = randomUUID();
  const { rows } = await database.query<{ no: bigint; accountId: bigint; importNo: number }>(
    `update deliveries set lease_token = $1, lease_until = now() + make_interval(secs => $2)
     where no in (
       select d.no from deliveries d
       where ${claimable('d')} and d.import_no = (
         select f.import_no from deliveries f where ${claimable('f')} order by f.next_attempt_at, f.no limit 1)
       order by d.next_attempt_at, d.no limit $3
       for update skip locked)
     returning no, account_id as "accountId", import_no as "importNo"`,
    [token, LEASE_SECONDS, limit, isUnknownResent ? RESENDS_MAX : 0],
  );
  if (!rows[0]) return null;
  return { token, importNo: rows[0].importNo, deliveries: rows.sort((a, b) => (a.no < b.no ? -1 : 1)) };
}

/** Waiting, its time has come, and nobody has it. One that may have arrived ($4: how often it is resent) is another matter. */
const claimable = (
  d: string,
): string => `${d}.state in ('due', 'deferred', 'unknown') and not ${d}.is_held and ${d}.next_attempt_at <= now()
  and (${d}.state <> 'unknown' or ${d}.unknowns <= $4)
  and (${d}.lease_until is null or ${d}.lease_until < now())`;

/** Keeps what of a claim is not settled yet, also what is `sending`. */
export async function renewClaim(database: Queryable, token: string): Promise<void> {
  await database.query(
    'update deliveries set lease_until = now() + make_interval(secs => $2) where lease_token = $1',
    [token, LEASE_SECONDS],
  );
}

/** Gives back what was not begun. @param pauseSeconds nobody claims it before, so that others need not wait for it */
export async function releaseDeliveries(database: Queryable, token: string, pauseSeconds = 0): Promise<void> {
  await database.query(
    `update deliveries set lease_token = null, lease_until = now() + make_interval(secs => $2)
     where lease_token = $1 and state <> 'sending'`,
    [token, pauseSeconds],
  );
}

/** Says why the deliveries of a claim wait. */
export async function tellWhyWaiting(database: Queryable, token: string, reason: string): Promise<void> {
  await database.query(`update deliveries set reply = $2 where lease_token = $1 and state <> 'sending'`, [
    token,
    reason,
  ]);
}

/** An attempt that may go on: nobody else makes one of the same delivery before the lease is over. */
export interface BegunAttempt {
  no: bigint;
  /** The how manieth it is. */
  attempt: number;
  /** Since the first attempt. */
  ageMs: number;
}

/**
 * Makes a claimed delivery `sending`. Committed before a server is told of the mail: whoever dies after it leaves a trace.
 * A mail that may have arrived goes out again with the same bytes only, so that it is the same mail.
 * @returns null when it is not ours any more, is held, or has other bytes: then nothing is to be sent
 */
export async function beginAttempt(
  database: Queryable,
  token: string,
  no: bigint,
  mail: { messageId: string; sha256: Buffer },
): Promise<BegunAttempt | null> {
  const { rows } = await database.query<{ attempt: number; ageMs: number }>(
    `update deliveries set state = 'sending', attempts = attempts + 1, message_id = $3, bytes_sha256 = $4,
       first_attempt_at = coalesce(first_attempt_at, now()), lease_until = now() + make_interval(secs => $5),
       next_attempt_at = now() + make_interval(mins => $6)
     where no = $1 and lease_token = $2 and state in ('due', 'deferred', 'unknown') and not is_held
       and (unknowns = 0 or bytes_sha256 is null or bytes_sha256 = $4)
     returning attempts as attempt,
       (extract(epoch from now() - first_attempt_at) * 1000)::double precision as "ageMs"`,
    [no, token, mail.messageId, mail.sha256, LEASE_SECONDS, ATTEMPT_OVER_MINUTES],
  );
  if (rows[0]) return { no, ...rows[0] };
  await database.query(
    `update deliveries set is_held = true, lease_token = null, lease_until = null,
       reply = 'It may have arrived, and is rendered in another way by now. To send it as it is now: passbook deliveries resend ' || no
     where no = $1 and lease_token = $2 and unknowns > 0 and bytes_sha256 <> $3`,
    [no, token, mail.sha256],
  );
  return null;
}

/** Of whom nothing was heard for as long as the lease: whether the mail was sent nobody knows. */
export async function expireSending(database: Queryable): Promise<void> {
  await database.query(
    `update deliveries set state = 'unknown', unknowns = unknowns + 1, lease_token = null, lease_until = null,
       reply = 'Its sender ended, or was away, before the server could answer.'
     where state = 'sending' and lease_until < now()`,
  );
}
