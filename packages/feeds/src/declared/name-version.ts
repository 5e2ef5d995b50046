import type { Queryable } from '@passbook/database';
import { makeImportId } from '@passbook/imports';

/**
 * The id of an import of a feed that replaces. The same bytes are the same import only while they are the newest version of
 * their scope: to go back to an older file is to load it again.
 *
 * So the id is made of the version before it, too, and of how often versions were switched (after a rollback the version
 * before is one that was before). Two chunkers that look at once see the same, or make two imports of which the later counts.
 */
export async function nameVersion(
  database: Queryable,
  feed: string,
  { sha256, scope }: { sha256: string; scope: string },
): Promise<string> {
  const { rows } = await database.query<{ id: string; sha256: string; switches: number }>(
    `with version as (select current, switches from feed_versions where feed = $1 and scope = $2),
          last as (select coalesce(max(current), 0) as no, coalesce(max(switches), 0) as switches from version)
     select i.id, i.sha256, last.switches from imports i, last
     where i.feed = $1 and i.scope = $2
       and (i.no = last.no or (i.no > last.no and i.state in ('reading', 'chunked', 'stopped')))
     order by i.no desc limit 1`,
    [feed, scope],
  );
  const newest = rows[0];
  if (newest?.sha256 === sha256) return newest.id;
  return makeImportId(sha256, feed, `${scope}\n${newest?.id ?? ''}\n${newest?.switches ?? 0}`);
}
