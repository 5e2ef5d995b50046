import { isWeather, sqlState, type Database } from '@passbook/database';
import { retryDelayMs, waitFor, type ZoneClock } from '@passbook/runtime';
import { callPostOperations } from './call-post-operations.js';
import type { Operation, Outcome } from './operation.js';

/** What became of one operation of a group: its outcome, or what was thrown. */
export type Settled = PromiseSettledResult<Outcome>;

const UNIQUE_VIOLATION = '23505';
const NUMERIC_VALUE_OUT_OF_RANGE = '22003';

/**
 * Posts a group: together, or, if that fails for the sake of one of them, each alone. Weather (sqlstate.ts) is waited for
 * until the deadline. If an answer is lost, nobody knows whether the group is posted: it is asked for again with the same
 * keys. An earlier try that is still at work then holds its keys, so what is in flight is waited for, too.
 * @param deadlineMs by performance.now()
 */
export async function postGroup(
  database: Database,
  clock: ZoneClock,
  group: readonly Operation[],
  deadlineMs: number,
): Promise<Settled[]> {
  const settled = group.map((): Settled | null => null);
  let lost: unknown;
  for (let attempt = 0; ; attempt++) {
    const open = group.flatMap((operation, at) => (settled[at] ? [] : [{ operation, at }]));
    const isLate = performance.now() > deadlineMs;
    try {
      const outcomes = await callPostOperations(
        database,
        clock,
        open.map((one) => one.operation),
      );
      outcomes.forEach((outcome, no) => {
        if (lost !== undefined && outcome.status === 'in flight' && !isLate) return;
        settled[open[no]!.at] = { status: 'fulfilled', value: outcome };
      });
    } catch (err) {
      if (isWeather(err) || isRace(err)) {
        lost = err;
        if (isLate) for (const { at } of open) settled[at] = { status: 'rejected', reason: err };
      } else if (open.length > 1) {
        // Only the one that is to blame fails.
        for (const { operation, at } of open)
          settled[at] = (await postGroup(database, clock, [operation], deadlineMs))[0]!;
      } else {
        settled[open[0]!.at] = toSettled(err);
      }
    }
    if (isComplete(settled)) return settled;
    await waitFor(retryDelayMs(attempt));
  }
}

function isComplete(settled: (Settled | null)[]): settled is Settled[] {
  return settled.every((one) => one !== null);
}

/** Another process was first with an id: asked again, the database says what was refused. */
function isRace(err: unknown): boolean {
  return err instanceof Error && sqlState(err) === UNIQUE_VIOLATION;
}

/** The only refusal that is not known before it happens: a sum of a month beyond 63 bits. It is not kept; it stays so by itself. */
function toSettled(err: unknown): Settled {
  return err instanceof Error && sqlState(err) === NUMERIC_VALUE_OUT_OF_RANGE
    ? { status: 'fulfilled', value: { status: 'refused', reason: 'BALANCE_OUT_OF_RANGE', accountId: null } }
    : { status: 'rejected', reason: err };
}
