import type { Queryable } from '@passbook/database';
import type { ZoneClock } from '@passbook/runtime';
import { monthOf, startsOfMonths } from './month-start.js';
import type { Operation, Outcome, RefusalReason, Transfer } from './operation.js';

/** A row that the function of the database gives: for each operation one. */
type Answer = Transfer & {
  status: Outcome['status'];
  reason: RefusalReason | null;
  accountId: bigint | null;
};

/** Posts a group of operations in one call and one commit. @returns an outcome for each, in their order */
export async function callPostOperations(
  database: Queryable,
  clock: ZoneClock,
  operations: readonly Operation[],
): Promise<Outcome[]> {
  const { firstMonth, starts } = startsOfMonths(new Date().toISOString(), clock);
  const { rows } = await database.query<Answer>(
    `select status, reason, account_id as "accountId", id, kind, from_account_id as "fromAccountId",
       to_account_id as "toAccountId", amount_minor as "amountMinor", currency, occurred_at as "occurredAt",
       posted_at as "postedAt", from_balance_minor as "fromBalanceMinor", to_balance_minor as "toBalanceMinor", reverses
     from post_operations($1, $2, $3)`,
    [JSON.stringify(operations.map((one, at) => toRecord(one, at + 1, clock))), firstMonth, starts],
  );
  return rows.map(toOutcome);
}

/** As the type `operation` of the database has it. JSON numbers would be read as floats: amounts and ids are text. */
function toRecord(operation: Operation, no: number, clock: ZoneClock): object {
  const { caller, key, kind, transferId, occurredAt } = operation;
  const common = {
    no,
    caller,
    key,
    request_hash: `\\x${operation.requestHash.toString('hex')}`,
    kind,
    transfer_id: transferId,
    occurred_at: occurredAt,
    month: occurredAt === null ? null : monthOf(occurredAt, clock),
    refusals_kept: operation.refusalsKept,
    of_wallets: operation.ofWallets ?? false,
  };
  if (operation.kind === 'reversal') return { ...common, reverses: operation.reverses };
  return {
    ...common,
    from_account_id: 'fromAccountId' in operation ? String(operation.fromAccountId) : null,
    to_account_id: 'toAccountId' in operation ? String(operation.toAccountId) : null,
    amount_minor: String(operation.amountMinor),
    currency: operation.currency,
  };
}

function toOutcome({ status, reason, accountId, ...transfer }: Answer): Outcome {
  switch (status) {
    case 'posted':
    case 'replayed':
      return { status, transfer };
    case 'refused':
    case 'refusal replayed':
      return { status, reason: reason!, accountId };
    default:
      return { status };
  }
}
