import type { Migration } from '@passbook/database';
import { eventRelayMigration } from './event-relay.js';
import { transfersMigration } from './transfers-migration.js';

const ledger: Migration = {
  name: '0002-ledger',
  sql: `
    create table clients (
      id bigint generated always as identity primary key,
      first_name text,
      last_name text,
      name text not null,
      email text,
      login text unique,
      born_on date,
      created_at timestamptz not null default now()
    );

    create table accounts (
      id bigint generated always as identity primary key,
      -- An imported account brings its own client. Checked at commit: the account is inserted first, because only its
      -- unique hash tells which of two processors makes it.
      client_id bigint not null references clients (id) deferrable initially deferred,
      -- HMAC-SHA-256 of the digits of the account number; the number itself is never stored.
      number_hash bytea unique,
      number_last4 text,
      -- The kind of account ('credit' or 'debit'), not the direction of a transaction.
      type text,
      currency text not null,
      -- Sum of all transactions, in minor units of the currency.
      balance_minor bigint not null default 0,
      -- Null: may go below zero without limit (imported accounts). 0: a wallet.
      min_balance_minor bigint,
      created_at timestamptz not null default now(),
      constraint balance_is_allowed check (balance_minor >= min_balance_minor)
    ) with (fillfactor = 70);

    -- No foreign keys on the two tables below: they would cost a lookup for each row, and what they protect is held by
    -- the posting itself: it locks the accounts first, and its balance update must touch exactly as many.
    create table transactions (
      account_id bigint not null,
      import_no integer,
      -- Chosen by the sender; the same id under another account is another transaction.
      id uuid not null,
      occurred_at timestamptz not null,
      -- Positive: credit to the account; negative: debit. In minor units of the account's currency.
      amount_minor bigint not null,
      -- Where the row starts in the file.
      line bigint,
      constraint transactions_pkey primary key (account_id, id)
    );
    create index transactions_by_time on transactions (account_id, occurred_at);

    -- Sums per account and month (of the installation's time zone). A balance as of a moment is the months before it
    -- and a part of one month.
    create table account_months (
      account_id bigint not null,
      month date not null,
      credit_count integer not null,
      credit_sum_minor bigint not null,
      debit_count integer not null,
      debit_sum_minor bigint not null,
      primary key (account_id, month),
      constraint month_is_its_first_day check (extract(day from month) = 1)
    ) with (fillfactor = 70);

    -- The same four for one import. There is a row exactly where the import posted at least one.
    create table import_accounts (
      import_no integer not null,
      account_id bigint not null,
      rows_posted integer not null,
      credit_count integer not null,
      credit_sum_minor bigint not null,
      debit_count integer not null,
      debit_sum_minor bigint not null,
      primary key (import_no, account_id)
    ) with (fillfactor = 70);
  `,
};

const accountYears: Migration = {
  name: '0005-account-years',
  sql: `
    -- The months of an account, a row for each year: to write a row for each month took Postgres as long as the
    -- transactions themselves.
    create table account_years (
      account_id bigint not null,
      year integer not null,
      -- For each month the number of credits, their sum, the number of debits, their sum; in minor units.
      figures bigint[] not null,
      primary key (account_id, year),
      constraint twelve_months_have_four_figures check (cardinality(figures) = 48)
    ) with (fillfactor = 50);

    insert into account_years (account_id, year, figures)
    select account_id, year, array(
      select coalesce(
        (array[m.credit_count::bigint, m.credit_sum_minor, m.debit_count::bigint, m.debit_sum_minor])[(place - 1) % 4 + 1], 0)
      from generate_series(1, 48) as place
      left join account_months m on m.account_id = years.account_id and m.month = make_date(year, (place - 1) / 4 + 1, 1)
      order by place)
    from (select distinct account_id, extract(year from month)::integer as year from account_months) as years;

    drop table account_months;

    -- Each month in which the account has a credit or a debit.
    create view account_months as
    select account_id, make_date(year, month, 1) as month,
      figures[month * 4 - 3]::integer as credit_count, figures[month * 4 - 2] as credit_sum_minor,
      figures[month * 4 - 1]::integer as debit_count, figures[month * 4] as debit_sum_minor
    from account_years, generate_series(1, 12) as month
    where figures[month * 4 - 3] > 0 or figures[month * 4 - 1] > 0;
  `,
};

export const ledgerMigrations: readonly Migration[] = [
  ledger,
  accountYears,
  transfersMigration,
  eventRelayMigration,
];
