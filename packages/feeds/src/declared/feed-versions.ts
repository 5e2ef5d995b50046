import type { Database, Queryable } from '@passbook/database';
import type { FeedVersions, VersionSummary } from '../feed.js';
import { lockFeeds, makeReportDue } from './complete-load.js';
import type { FeedDefinition } from './definition.js';
import { quote, tableOf } from './feed-table.js';

/** Rows of one statement: readers and loads go on beside it. */
const ROWS_PER_DELETE = 20_000;

/** What is said of an import whose rows counted. */
const TAKEN_BACK = 'A rollback made the rows of another version count: those of this file do not count now.';

/** What can be done with the versions of a feed that replaces. */
export function makeFeedVersions(definition: FeedDefinition): FeedVersions {
  return {
    scopeName: definition.scope?.name ?? null,
    list: (database) => listVersions(database, definition.name),
    rollBack: (database, scope) => rollBack(database, definition, scope),
    removeOld: (database) => removeOldVersions(database, definition.name),
    keepsRows,
  };
}

async function listVersions(database: Queryable, feed: string): Promise<VersionSummary[]> {
  const { rows } = await database.query<VersionSummary>(
    `select v.scope, i.id as "importId", i.file_name as file, l.rows_posted::double precision as rows,
            v.switched_at as "switchedAt", p.id as "previousImportId", p.file_name as "previousFile"
     from feed_versions v join imports i on i.no = v.current join feed_loads l on l.import_no = v.current
     left join imports p on p.no = v.previous
     where v.feed = $1 order by v.scope`,
    [feed],
  );
  return rows;
}

/**
 * Makes the version before the current one again, in one statement, and its report due. Done once more, it is undone. What is
 * said of both is what holds now.
 * @returns the id of the import that is current now; null when there is no version to go back to
 */
function rollBack(database: Database, definition: FeedDefinition, scope: string): Promise<string | null> {
  return database.withTransaction(async (trx) => {
    await lockFeeds(trx, [definition.name]);
    const { rows } = await trx.query<{ no: number; id: string; takenBack: number }>(
      `update feed_versions v
       set current = v.previous, previous = v.current, switches = v.switches + 1, switched_at = now()
       from imports i where v.feed = $1 and v.scope = $2 and i.no = v.previous
       returning i.no, i.id, v.previous as "takenBack"`,
      [definition.name, scope],
    );
    const version = rows[0];
    if (!version) return null;
    await trx.query('update imports set note = case when no = $2 then $3 end where no in ($1, $2)', [
      version.no,
      version.takenBack,
      TAKEN_BACK,
    ]);
    await makeReportDue(trx, definition, version.no, { isSuperseded: false });
    return version.id;
  });
}

/** Loads `l` whose version nobody can go back to. */
const IS_OLD = `not exists (
  select from feed_versions v where v.feed = l.feed and v.scope = l.scope and l.import_no in (v.current, v.previous))`;

async function keepsRows(database: Queryable, importNo: number): Promise<boolean> {
  const { rowCount } = await database.query(`select from feed_loads l where l.import_no = $1 and ${IS_OLD}`, [
    importNo,
  ]);
  return rowCount === 0;
}

/**
 * Deletes the rows of versions that nobody can go back to, some at a time. What is killed between goes on at the next call, and
 * so does what another process that does the same was quicker with.
 * @returns how many rows were deleted
 */
async function removeOldVersions(database: Queryable, feed: string): Promise<number> {
  const { rows } = await database.query<{ no: number }>(
    `select import_no as no from feed_loads l where feed = $1 and rows_deleted_at is null and ${IS_OLD}`,
    [feed],
  );
  let deleted = 0;
  for (const { no } of rows) {
    for (let count = -1; count !== 0;) {
      const result = await database.query(
        `delete from ${quote(tableOf(feed))} where ctid = any (array(
           select ctid from ${quote(tableOf(feed))} where import_no = $1 limit ${ROWS_PER_DELETE}))`,
        [no],
      );
      count = result.rowCount ?? 0;
      deleted += count;
    }
    // Rows that another process deletes at this moment are not ours to count: there may be more of them.
    await database.query(
      `update feed_loads set rows_deleted_at = now()
       where import_no = $1 and not exists (select from ${quote(tableOf(feed))} where import_no = $1)`,
      [no],
    );
  }
  return deleted;
}
