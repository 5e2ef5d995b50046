import type { Migration } from '@passbook/database';

const declaredFeeds: Migration = {
  name: '0020-declared-feeds',
  sql: `
    -- Feeds that a definition declares, as their tables were last brought up to date. Whoever completes an import of a feed
    -- locks its row: so each report knows all loads before it.
    create table declared_feeds (
      name text primary key,
      definition jsonb not null
    );

    -- What an import of a declared feed loaded, written when it completes: its rows count from here on.
    create table feed_loads (
      import_no integer primary key references imports (no),
      feed text not null,
      scope text not null,
      rows_read bigint not null,
      rows_posted bigint not null,
      -- Counts and sums of its rows that the report is made of, by what is counted. Sums are text: no float is made of them.
      figures jsonb not null,
      -- The rows of a version that nobody can go back to are deleted.
      rows_deleted_at timestamptz
    );
    create index feed_loads_by_feed on feed_loads (feed, scope);

    -- Which import's rows are those of a scope (an agency, say), in a feed that replaces. Readers see no others.
    create table feed_versions (
      feed text not null,
      scope text not null,
      current integer not null references imports (no),
      -- What a rollback goes back to.
      previous integer references imports (no),
      -- Raised by each switch and each rollback: the same bytes after one are another import.
      switches integer not null default 1,
      switched_at timestamptz not null default now(),
      primary key (feed, scope),
      constraint versions_differ check (current <> previous)
    );
  `,
};

const loadsInOrder: Migration = {
  name: '0021-loads-in-order',
  sql: `
    -- Rows that came over HTTP are a load without an import. Its number is below zero: from here, with the sign turned.
    create sequence feed_posts as integer;
    alter table feed_loads
      drop constraint feed_loads_import_no_fkey,
      -- The order in which loads came to count. Given under the lock of the feeds that are reconciled: what has a smaller one is
      -- committed, so "all up to this" is the same rows for ever.
      add column no bigint generated always as identity,
      -- Of the moment, which is under that lock, too: a later one has a later time.
      add column loaded_at timestamptz not null default clock_timestamp(),
      add constraint load_has_a_number_of_its_own unique (no),
      add constraint load_over_http_is_what_was_posted check (import_no > 0 or rows_read = rows_posted);
  `,
};

export const declaredMigrations: readonly Migration[] = [declaredFeeds, loadsInOrder];
