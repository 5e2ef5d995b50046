import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Database, Queryable } from '@passbook/database';
import {
  createClientWithAccount,
  makePoster,
  readAccount,
  type Movement,
  type Operation,
  type Outcome,
  type Poster,
} from '@passbook/ledger';
import { makeZoneClock } from '@passbook/runtime';
import { makeTestDatabase, type TestDatabase } from '@passbook/testing';

/** A ledger as several processes use it, with short words for tests. */
export interface TestLedger {
  posters: readonly Poster[];
  /** A new wallet, with money in it. */
  openWallet(
    balanceMinor?: bigint,
    more?: { currency?: string; minBalanceMinor?: bigint | null },
  ): Promise<bigint>;
  /** Posts by one poster after the other, as a load balancer would. */
  post(movement: Movement, more?: Partial<Operation>): Promise<Outcome>;
  balanceOf(accountId: bigint): Promise<bigint>;
  stop(): Promise<void>;
}

interface TestLedgerOptions {
  posters?: number;
  timeZone?: string;
  patienceMs?: number;
}

/**
 * One ledger for the tests of a file, on a database of its own, which is sound after each of them.
 * @param use is given both before the first test
 */
export function useTestLedger(
  use: (made: { database: TestDatabase; ledger: TestLedger }) => void,
  options: TestLedgerOptions = {},
): void {
  let database: TestDatabase;
  let ledger: TestLedger;
  beforeAll(async () => {
    database = await makeTestDatabase();
    ledger = makeTestLedger(database, options);
    use({ database, ledger });
  });
  afterEach(async () => expect(await findUnsound(database)).toEqual([]));
  afterAll(async () => {
    await ledger.stop();
    await database.drop();
  });
}

export function makeTestLedger(database: Database, options: TestLedgerOptions = {}): TestLedger {
  const { posters: count = 1, timeZone = 'UTC', ...more } = options;
  const clock = makeZoneClock(timeZone);
  const posters = Array.from({ length: count }, () => makePoster(database, { clock, ...more }));
  let posted = 0;
  const post: TestLedger['post'] = (movement, more) =>
    posters[posted++ % posters.length]!.post(makeOperation(movement, more));
  return {
    posters,
    post,
    async openWallet(balanceMinor = 0n, { currency = 'USD', minBalanceMinor = 0n } = {}) {
      const client = { name: 'Ann Lee', login: null, email: null };
      const made = await createClientWithAccount(database, client, { currency, minBalanceMinor, type: null });
      if (made === 'LOGIN_TAKEN') throw new Error('It has no login.');
      if (balanceMinor > 0n) await post(deposit(made.account.id, balanceMinor, currency));
      return made.account.id;
    },
    async balanceOf(accountId) {
      const account = await readAccount(database, accountId);
      if (!account) throw new Error(`There is no account ${accountId}.`);
      return account.balanceMinor;
    },
    stop: async () => void (await Promise.all(posters.map((poster) => poster.stop()))),
  };
}

export const deposit = (toAccountId: bigint, amountMinor: bigint, currency = 'USD'): Movement => ({
  ...{ kind: 'deposit', toAccountId, amountMinor, currency },
});
export const withdrawal = (fromAccountId: bigint, amountMinor: bigint, currency = 'USD'): Movement => ({
  ...{ kind: 'withdrawal', fromAccountId, amountMinor, currency },
});
export const transfer = (
  fromAccountId: bigint,
  toAccountId: bigint,
  amountMinor: bigint,
  currency = 'USD',
): Movement => ({ kind: 'transfer', fromAccountId, toAccountId, amountMinor, currency });
export const reversal = (reverses: string): Movement => ({ kind: 'reversal', reverses });

/** An operation with a key of its own, now, unless told otherwise. */
export function makeOperation(movement: Movement, more: Partial<Operation> = {}): Operation {
  return {
    caller: 'tests',
    key: randomUUID(),
    requestHash: Buffer.from(
      JSON.stringify(movement, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ),
    transferId: randomUUID(),
    occurredAt: null,
    refusalsKept: 'all',
    ...more,
    ...movement,
  };
}

/** The statuses of outcomes (the reasons of refusals), and how often each came. */
export function countOutcomes(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.status === 'refused' ? outcome.reason : outcome.status;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Each finds what must never be; together they say that no money was made or lost. */
const unsound: Record<string, string> = {
  'a balance is not the sum of the transactions': `
    select a.id from accounts a left join transactions t on t.account_id = a.id
    group by a.id having a.balance_minor <> coalesce(sum(t.amount_minor), 0)`,
  'a balance is not the sum of the months': `
    select a.id from accounts a left join account_months m on m.account_id = a.id
    group by a.id having a.balance_minor <> coalesce(sum(m.credit_sum_minor + m.debit_sum_minor), 0)`,
  'the months do not count the transactions': `
    select a.id from accounts a
    where (select count(*) from transactions t where t.account_id = a.id and t.amount_minor <> 0)
      <> (select coalesce(sum(m.credit_count + m.debit_count), 0) from account_months m where m.account_id = a.id)`,
  'a transfer does not add up to zero': `
    select f.id from transfers f left join transactions t on t.id = f.id and t.import_no is null
    group by f.id having coalesce(sum(t.amount_minor), 0)
      + (case when f.from_account_id is null then -f.amount_minor else 0 end)
      + (case when f.to_account_id is null then f.amount_minor else 0 end) <> 0
      or count(t.id) <> num_nonnulls(f.from_account_id, f.to_account_id)`,
  'a transaction is of no file and of no transfer': `
    select t.id from transactions t where import_no is null and not exists (select from transfers f where f.id = t.id)`,
  'a wallet is below its least balance': 'select id from accounts where balance_minor < min_balance_minor',
  'the events of a leg are not one': `
    select f.id from transfers f
    where (select count(*) from events e where e.type = 'transfer_posted' and e.transfer_id = f.id)
      <> num_nonnulls(f.from_account_id, f.to_account_id)`,
  'the events of a wallet are not in the order of its balances': `
    select id from (
      select id, balance - amount as before, lag(balance, 1, 0) over (partition by account_id order by id) as balance_before
      from (
        select e.id, e.account_id, case e.account_id when f.from_account_id then -f.amount_minor else f.amount_minor end as amount,
          case e.account_id when f.from_account_id then f.from_balance_minor else f.to_balance_minor end as balance
        from events e join accounts a on a.id = e.account_id join transfers f on f.id = e.transfer_id
        where e.type = 'transfer_posted' and a.number_hash is null) as legs) as steps
    where before <> balance_before`,
};

/** What is wrong with a ledger, in words: nothing. */
export async function findUnsound(database: Queryable): Promise<string[]> {
  const found: string[] = [];
  for (const [sentence, sql] of Object.entries(unsound)) {
    const { rows } = await database.query<{ id: unknown }>(sql);
    if (rows.length > 0) found.push(`${sentence}: ${rows.map((row) => String(row.id)).join()}`);
  }
  return found;
}
