import type { Migration } from '@passbook/database';

const imports: Migration = {
  name: '0001-imports',
  sql: `
    -- One row for each content that was ever dropped: the same bytes are the same import, whatever the file is called.
    create table imports (
      no integer generated always as identity primary key,
      -- UUIDv5 of the hash of the bytes, the feed, and the scope: known before the database is asked.
      id uuid not null unique,
      -- The name under which it was dropped first. Reports are named for it.
      file_name text not null,
      sha256 text not null,
      size_bytes bigint not null,
      feed text,
      -- What the feed takes from the file's name (the agency of a rating, say).
      scope text not null default '',
      -- All that the chunks depend on beside the bytes, fixed when the import is opened.
      chunking jsonb,
      -- The language that its statements are written in.
      locale text not null,
      state text not null,
      -- Why it is 'refused' (a code), 'stopped' (a sentence) or 'held' (both).
      refused_code text,
      stopped_reason text,
      -- Written by the manifest alone. chunks_sent is null until every chunk is on the bus.
      chunks_sent integer,
      rows_read bigint not null default 0,
      rows_invalid bigint not null default 0,
      -- Written by the processors alone, in the transaction that posts the rows.
      chunks_loaded integer not null default 0,
      rows_posted bigint not null default 0,
      rows_duplicate bigint not null default 0,
      rows_conflict bigint not null default 0,
      -- Posted rows that say something else of the holder than what is known.
      contradictions bigint not null default 0,
      -- Whoever holds the token may change the row or move the file, until the lease is over.
      lease_token uuid,
      lease_until timestamptz,
      started_at timestamptz not null default now(),
      chunked_at timestamptz,
      loaded_at timestamptz,
      constraint state_is_known check (state in ('reading', 'held', 'chunked', 'loaded', 'stopped', 'refused')),
      constraint loaded_import_foots check
        (state <> 'loaded' or rows_read = rows_posted + rows_duplicate + rows_invalid + rows_conflict),
      constraint loaded_import_has_all_chunks check (state <> 'loaded' or chunks_loaded = chunks_sent)
    );
    create index imports_open on imports (no) where state in ('reading', 'chunked', 'stopped');

    -- One row for each time that a file was dropped.
    create table drops (
      no integer generated always as identity primary key,
      import_no integer not null references imports (no),
      -- Absolute: two chunkers may have folders of their own.
      path text not null,
      -- The dropped file goes away in the end; a given one stays.
      stays boolean not null,
      -- The private copy in imports/.claimed/ that is read from now on.
      copy_name text not null,
      -- Where the file goes in processed/ or quarantine/, chosen before the move so that a restart goes on with it.
      final_name text,
      -- Why the file was refused: what error.json says.
      refusal jsonb,
      state text not null default 'waiting',
      dropped_at timestamptz not null default now(),
      constraint state_is_known check (state in ('waiting', 'moving', 'done'))
    );
    create unique index drops_open on drops (import_no, path) where state <> 'done';
    create index drops_unfinished on drops (no) where state <> 'done';
    create index drops_by_import on drops (import_no);
    -- Two files on their way never aim at one name.
    create unique index drops_final_name on drops (final_name, (refusal is null)) where state = 'moving';

    -- What became of the rows that were not posted. Never holds the content of a cell.
    create table import_exceptions (
      import_no integer not null,
      -- Physical line where the record starts; the header is line 1.
      line bigint not null,
      status text not null,
      -- [{"column", "code", "message"}]
      faults jsonb not null,
      primary key (import_no, line),
      constraint status_is_known check (status in ('quarantined', 'duplicate'))
    );

    -- Which chunks are in the ledger: written in the transaction that posts their rows, so a chunk counts once.
    create table loaded_chunks (
      import_no integer not null,
      chunk_no integer not null,
      payload_sha256 bytea not null,
      primary key (import_no, chunk_no)
    );

    -- Messages that could not be handled, as they came.
    create table dead_letters (
      no integer generated always as identity primary key,
      import_no integer,
      chunk_no integer,
      topic text not null,
      partition integer not null,
      "offset" text not null,
      key text not null,
      headers jsonb not null,
      value bytea not null,
      reason text not null,
      died_at timestamptz not null default now()
    );

    -- What is to be rendered, and from which figures: a report depends on its row and the import's rows alone.
    create table reports (
      no bigint generated always as identity primary key,
      import_no integer not null references imports (no),
      -- Null for the index of the import, which is due when all its others are done.
      account_id bigint,
      rows_posted bigint not null default 0,
      snapshot jsonb not null,
      template_version integer not null,
      state text not null default 'due',
      lease_token uuid,
      lease_until timestamptz,
      constraint state_is_known check (state in ('due', 'done')),
      constraint one_report_for_each_account unique nulls not distinct (import_no, account_id)
    );
    create index reports_due on reports (no) where state = 'due';
    create index reports_due_by_import on reports (import_no) where state = 'due';
  `,
};

const deadLettersOnce: Migration = {
  name: '0003-dead-letters-once',
  sql: `
    -- A batch that failed after a message was buried brings it again: it is the same dead letter. The value belongs to the
    -- key, because the offsets of a topic that was deleted and made anew begin at 0 again.
    alter table dead_letters add column value_sha256 bytea generated always as (sha256(value)) stored;
    delete from dead_letters one using dead_letters other
     where other.no < one.no and (other.topic, other.partition, other."offset", other.value_sha256)
                               = (one.topic, one.partition, one."offset", one.value_sha256);
    alter table dead_letters add constraint each_letter_once unique (topic, partition, "offset", value_sha256);
  `,
};

const deadLettersSettled: Migration = {
  name: '0004-dead-letters-settled',
  sql: `
    alter table dead_letters
      -- How often it was buried: one that is buried while it is replayed stays open.
      add column deaths integer not null default 1,
      -- Null while it is open.
      add column settlement text,
      add column settled_at timestamptz,
      add constraint settlement_is_known check (settlement in ('replayed', 'discarded'));
    create index dead_letters_open on dead_letters (no) where settlement is null;
    -- When the import last came a step further: one that does not grow for long is told.
    alter table imports add column grown_at timestamptz not null default now();
  `,
};

const corrections: Migration = {
  name: '0005-corrections',
  sql: `
    -- The import whose quarantined rows this one has, mended: what stands in the first of its cells _import.
    alter table imports add column corrects uuid references imports (id);
  `,
};

const payloads: Migration = {
  name: '0019-payloads',
  sql: `
    -- What stood in a quarantined row, in feeds whose definition says that it is kept. Null in all others: a cell of theirs may
    -- hold an account number.
    alter table import_exceptions add column payload jsonb;

    -- For people and their tools: the quarantined rows of all imports, with all columns that failed.
    create view quarantined_rows as
      select i.feed, i.scope, i.file_name as file, i.id as import_id, i.started_at, e.line, failed.columns as failed_columns,
             case when failed.codes @> array['CONFLICT'] then 'Another row has the key.'
                  when cardinality(failed.columns) > 0
                    then 'The row does not fit the columns of its feed: ' || array_to_string(failed.columns, ', ') || '.'
                  else 'The row could not be cut into its cells.' end as error,
             failed.codes, e.faults, e.payload
      from import_exceptions e
      join imports i on i.no = e.import_no
      cross join lateral (
        select coalesce(array_agg(f->>'column' order by at) filter (where f->>'column' is not null), '{}') as columns,
               array_agg(f->>'code' order by at) as codes
        from jsonb_array_elements(e.faults) with ordinality as fault (f, at)) as failed
      where e.status = 'quarantined';

    -- A person has let a file in that a guard of its feed held.
    alter table imports add column released_at timestamptz;
    -- What people are to know of an import that is loaded, written when it completes.
    alter table imports add column note text;
  `,
};

export const importMigrations: readonly Migration[] = [
  imports,
  deadLettersOnce,
  deadLettersSettled,
  corrections,
  payloads,
];
