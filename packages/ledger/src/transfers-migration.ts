import type { Migration } from '@passbook/database';
import { postOperationsSql } from './post-operations-sql.js';

export const transfersMigration: Migration = {
  name: '0006-transfers',
  sql: `
    -- What programs have moved. A row says both sides, so each transfer adds up to zero by itself; its legs are rows of
    -- transactions with the same id. The other side of a deposit and of a withdrawal is the account world: null, without
    -- legs and without a balance, which would be one row that everybody waits for.
    create table transfers (
      -- Chosen by the sender.
      id uuid primary key,
      kind text not null,
      -- Whose key it is, and the key: the same one is answered with this row, as long as the ledger exists.
      caller text not null,
      key text not null,
      -- Of all that was asked for under the key.
      request_hash bytea not null,
      from_account_id bigint,
      to_account_id bigint,
      -- In minor units of the currency.
      amount_minor bigint not null,
      currency text not null,
      -- When it takes effect; posted_at: when it was posted.
      occurred_at timestamptz not null,
      posted_at timestamptz not null,
      -- Just after it: a repeated request gets the same answer.
      from_balance_minor bigint,
      to_balance_minor bigint,
      -- The transfer that this one is the reversal of.
      reverses uuid,
      constraint key_is_used_once unique (caller, key),
      constraint amount_is_positive check (amount_minor > 0),
      constraint accounts_differ check (from_account_id <> to_account_id),
      constraint balances_are_those_of_accounts check (
        (from_account_id is null) = (from_balance_minor is null) and (to_account_id is null) = (to_balance_minor is null)),
      constraint sides_fit_the_kind check (case kind
        when 'deposit' then from_account_id is null and to_account_id is not null
        when 'withdrawal' then from_account_id is not null and to_account_id is null
        when 'transfer' then from_account_id is not null and to_account_id is not null
        when 'reversal' then from_account_id is not null or to_account_id is not null
        else false end),
      constraint reversals_reverse check ((kind = 'reversal') = (reverses is not null))
    );
    create unique index transfers_reversed_once on transfers (reverses) where reverses is not null;

    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'A transfer never changes. Correct it by a reversal.' using errcode = 'restrict_violation';
    end $$;
    create trigger transfers_never_change before update or delete on transfers
      for each row execute function refuse_change();

    -- What was refused and stays so: a repeated request gets the same answer.
    create table refusals (
      caller text not null,
      key text not null,
      request_hash bytea not null,
      reason text not null,
      -- The account that it is about.
      account_id bigint,
      refused_at timestamptz not null default now(),
      primary key (caller, key)
    );

    -- What other services are to be told, written in the transaction in which it happens.
    create table events (
      -- In the order of an account: it is given under the account's lock. Between accounts a smaller one may come to light
      -- later: read-events.ts waits for it.
      id bigint generated always as identity primary key,
      -- Null: of no account.
      account_id bigint,
      type text not null,
      -- Its content: the leg of this transfer in the account, or, of another event, what is written down here.
      transfer_id uuid,
      payload jsonb,
      created_at timestamptz not null default now(),
      constraint content_is_one_of_both check ((transfer_id is null) <> (payload is null))
    );

    create index accounts_by_client on accounts (client_id);

    ${postOperationsSql}
  `,
};
