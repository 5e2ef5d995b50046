import type { Queryable } from '@passbook/database';
import type { DeliveryState } from './delivery.js';

/** What a person's word came to: `null` when there is no such delivery, and its state when it does not allow that. */
export type Steering = 'done' | { refusedAs: DeliveryState } | null;

/**
 * Has a mail sent (again), at once, as it is rendered now: also one that is held. Not one that was sent, and none that is being
 * sent at this moment.
 */
export function resendDelivery(database: Queryable, no: bigint): Promise<Steering> {
  return steer(
    database,
    no,
    `state = 'due', is_held = false, next_attempt_at = now(), lease_token = null, lease_until = null,
     first_attempt_at = null, bytes_sha256 = null, reply = null`,
    ['due', 'deferred', 'failed', 'unknown'],
  );
}

/** Keeps a mail from being sent until a person has it sent. */
export function holdDelivery(database: Queryable, no: bigint): Promise<Steering> {
  return steer(database, no, 'is_held = true, lease_token = null, lease_until = null', [
    'due',
    'deferred',
    'unknown',
  ]);
}

async function steer(
  database: Queryable,
  no: bigint,
  change: string,
  allowed: readonly DeliveryState[],
): Promise<Steering> {
  const { rowCount } = await database.query(
    `update deliveries set ${change} where no = $1 and state = any($2)`,
    [no, allowed],
  );
  if (rowCount === 1) return 'done';
  const { rows } = await database.query<{ state: DeliveryState }>(
    'select state from deliveries where no = $1',
    [no],
  );
  return rows[0] ? { refusedAs: rows[0].state } : null;
}
