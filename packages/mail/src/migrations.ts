import type { Migration } from '@passbook/database';

const deliveries: Migration = {
  name: '0010-deliveries',
  sql: `
    -- One row for each mail of a statement, made in the transaction that marks the statement as rendered. What the mail
    -- says is not kept: it is rendered from the report each time, to the same bytes.
    create table deliveries (
      no bigint generated always as identity primary key,
      import_no integer not null references imports (no),
      account_id bigint not null,
      -- For people to look at: masked, never the whole address.
      recipient text not null,
      state text not null default 'due',
      -- A person wants it to wait: nobody claims it.
      is_held boolean not null default false,
      -- How often a server was told of it. Also who may say what came of the last of them: an earlier one may not.
      attempts integer not null default 0,
      -- How often nobody could know what came of it.
      unknowns integer not null default 0,
      -- Due, deferred or unknown: not before.
      next_attempt_at timestamptz not null default now(),
      first_attempt_at timestamptz,
      -- Of whoever is about to send it; while it is 'sending' of whoever sends it.
      lease_token uuid,
      lease_until timestamptz,
      -- Of the last attempt: under what name the mail is in the server's log, and which bytes it was.
      message_id text,
      bytes_sha256 bytea,
      -- What the server said last, or why it said nothing. Cut and cleaned.
      reply text,
      sent_at timestamptz,
      constraint state_is_known check (state in ('due', 'sending', 'sent', 'deferred', 'failed', 'unknown')),
      constraint sending_has_lease check (state <> 'sending' or lease_token is not null and lease_until is not null),
      constraint sent_has_time check ((state = 'sent') = (sent_at is not null)),
      constraint reply_is_bounded check (length(reply) <= 500),
      constraint one_delivery_for_each_account unique (import_no, account_id)
    );
    create index deliveries_waiting on deliveries (next_attempt_at, no)
      where state in ('due', 'deferred', 'unknown') and not is_held;
    create index deliveries_sending on deliveries (lease_until) where state = 'sending';
    create index deliveries_by_state on deliveries (import_no, state);
  `,
};

const claims: Migration = {
  name: '0022-deliveries-by-claim',
  sql: `
    -- Those of a claim, for the renewal of its lease.
    create index deliveries_claimed on deliveries (lease_token) where lease_token is not null;
  `,
};

export const mailMigrations: readonly Migration[] = [deliveries, claims];
