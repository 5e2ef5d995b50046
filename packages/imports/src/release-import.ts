import type { Queryable } from '@passbook/database';

const RELEASED =
  'It is let in: a running chunker takes its file from imports/ within seconds, or name the file to npm start.';

/** Lets a held import in, whatever the guards of its feed say, and says so instead of why it was held. @returns false when it is not held any more */
export async function releaseImport(database: Queryable, importNo: number): Promise<boolean> {
  const { rowCount } = await database.query(
    `update imports set released_at = now(), stopped_reason = $2 where no = $1 and state = 'held'`,
    [importNo, RELEASED],
  );
  return rowCount === 1;
}

/** Those of the imports that a person has let in. */
export async function listReleased(
  database: Queryable,
  importIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ id: string }>(
    'select id from imports where id = any($1) and released_at is not null',
    [importIds],
  );
  return new Set(rows.map(({ id }) => id));
}
