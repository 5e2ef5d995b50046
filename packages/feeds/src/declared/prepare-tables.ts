import type { Queryable } from '@passbook/database';
import { UserError } from '@passbook/runtime';
import type { FeedDefinition } from './definition.js';
import { keyOf, quote, sqlType, tableOf } from './feed-table.js';

/**
 * Makes the table and the view of each feed, or brings them up to date: columns may be added. Called under the lock of the
 * migrations; a definition that has not changed costs one look.
 * @param connection one connection, outside of a transaction
 * @throws UserError when a definition changes what its rows are
 */
export async function prepareDeclaredTables(
  connection: Queryable,
  definitions: readonly FeedDefinition[],
): Promise<void> {
  for (const definition of definitions) {
    const stored = await readStored(connection, definition);
    if (stored?.isSame) continue;
    if (stored) expectSameRows(stored.definition, definition);
    else await expectFreeNames(connection, definition);
    await connection.query('begin');
    try {
      await makeTable(connection, definition);
      await makeView(connection, definition);
      await connection.query(
        `insert into declared_feeds (name, definition) values ($1, $2)
         on conflict (name) do update set definition = excluded.definition`,
        [definition.name, definition],
      );
      await connection.query('commit');
    } catch (err) {
      await connection.query('rollback');
      throw err;
    }
  }
}

interface Stored {
  definition: FeedDefinition;
  isSame: boolean;
}

async function readStored(connection: Queryable, definition: FeedDefinition): Promise<Stored | undefined> {
  const { rows } = await connection.query<Stored>(
    `select definition, definition = $2::jsonb as "isSame" from declared_feeds where name = $1`,
    [definition.name, JSON.stringify(definition)],
  );
  return rows[0];
}

/** @throws UserError */
function expectSameRows(before: FeedDefinition, now: FeedDefinition): void {
  const changed = now.columns.filter((column) => {
    const old = before.columns.find(({ name }) => name === column.name);
    return old !== undefined && sqlType(old) !== sqlType(column);
  });
  const faults = [
    ...changed.map(({ name }) => `the type of ${name}`),
    ...(before.key.join() === now.key.join() ? [] : ['the key']),
    ...(before.mode === now.mode ? [] : ['the mode']),
    ...(before.scope?.name === now.scope?.name ? [] : ['the name of the scope']),
  ];
  if (faults.length === 0) return;
  throw new UserError(
    `The feed ${now.name} has rows already, and its definition changes ${faults.join(', ')}. Take that back, or declare it as another feed, under another name.`,
    { exitCode: 2 },
  );
}

/** @throws UserError */
async function expectFreeNames(connection: Queryable, { name }: FeedDefinition): Promise<void> {
  const { rows } = await connection.query<{ name: string }>(
    `select name from unnest($1::text[]) as n (name) where to_regclass(quote_ident(name)) is not null`,
    [[name, tableOf(name)]],
  );
  if (rows.length === 0) return;
  throw new UserError(
    `The feed definition ${name}.json needs the name ${rows[0]!.name} for itself, and the database has something of that name. Give the feed another name.`,
    { exitCode: 2 },
  );
}

async function makeTable(connection: Queryable, definition: FeedDefinition): Promise<void> {
  const { name, columns, key, mode } = definition;
  const table = quote(tableOf(name));
  const keys = key.map(quote).join(', ');
  // Of a feed that replaces, each version has its own rows; of one that appends, no row is there twice.
  const primary = mode === 'replace' ? `import_no, ${keys}` : keys;
  const types = columns.map((column) => `${quote(column.name)} ${sqlType(column)}`);
  await connection.query(
    `create table if not exists ${table} (import_no integer not null, line bigint not null, ${types.join(', ')},
       constraint ${quote(keyOf(name))} primary key (${primary}))`,
  );
  for (const type of types) await connection.query(`alter table ${table} add column if not exists ${type}`);
  if (mode === 'append')
    await connection.query(
      `create index if not exists ${quote(`${tableOf(name)}_by_import`)} on ${table} (import_no, line)`,
    );
}

/** The rows that count, and whose they are. A row counts from the moment on in which its import is complete. */
async function makeView(connection: Queryable, { name, mode, scope }: FeedDefinition): Promise<void> {
  const { rows } = await connection.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname not in ('import_no', 'line') order by attnum`,
    [quote(tableOf(name))],
  );
  const columns = [
    ...(scope ? [`valid.scope as ${quote(scope.name)}`] : []),
    ...[...rows.map((row) => row.name), 'import_no', 'line'].map((column) => `f.${quote(column)}`),
  ];
  const valid =
    mode === 'replace'
      ? `feed_versions valid join ${quote(tableOf(name))} f on f.import_no = valid.current`
      : `feed_loads valid join ${quote(tableOf(name))} f on f.import_no = valid.import_no`;
  const view = quote(name);
  await connection.query(`drop view if exists ${view}`);
  await connection.query(
    `create view ${view} as select ${columns.join(', ')} from ${valid} where valid.feed = '${name}'`,
  );
}
