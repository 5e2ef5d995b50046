import pg from 'pg';

/** The checker's view of the database: one moment, which nothing changes. */
export interface DatabaseView {
  /** All rows at once, each as a list of texts (or null) in the order of the columns. */
  list(sql: string): Promise<Cells[]>;
  /** The same for many rows, without ever having all of them. */
  each: (sql: string, take: (row: Cells) => void) => Promise<void>;
  /** The same for rows that are large. */
  eachWide: (sql: string, take: (row: Cells) => void) => Promise<void>;
  close(): Promise<void>;
}

/** Columns are asked for as text: nothing passes through a float or a Date. */
export type Cells = string[];

/** Rows of one fetch. Rows with whole messages in them are half a mebibyte each. */
const ROWS_PER_FETCH = 20_000;
const WIDE_ROWS_PER_FETCH = 100;

export async function openView(databaseUrl: string): Promise<DatabaseView> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'checker' });
  await client.connect();
  await client.query(`set time zone 'UTC'`);
  await client.query('begin isolation level repeatable read read only');
  const query = async (text: string): Promise<Cells[]> =>
    (await client.query<Cells>({ text, rowMode: 'array', types: allText })).rows;
  const fetchAll = async (sql: string, count: number, take: (row: Cells) => void): Promise<void> => {
    await client.query(`declare rows no scroll cursor for ${sql}`);
    for (;;) {
      const rows = await query(`fetch ${count} from rows`);
      if (rows.length === 0) break;
      rows.forEach(take);
    }
    await client.query('close rows');
  };
  return {
    list: query,
    each: (sql, take) => fetchAll(sql, ROWS_PER_FETCH, take),
    eachWide: (sql, take) => fetchAll(sql, WIDE_ROWS_PER_FETCH, take),
    close: () => client.end(),
  };
}

const allText = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** SQL that writes a moment as readTime does. */
export function momentSql(column: string): string {
  return `(${column} at time zone 'UTC')::text`;
}

/** A row of `imports`. */
export interface ImportRecord {
  no: string;
  id: string;
  fileName: string;
  sha256: string;
  sizeBytes: string;
  feed: string;
  state: string;
  refusedCode: string;
  isLeased: boolean;
  startedAt: string;
  loadedAt: string;
  counts: Record<ImportCount, string>;
}

export const importCounts = [
  'chunks_sent',
  'chunks_loaded',
  'rows_read',
  'rows_invalid',
  'rows_posted',
  'rows_duplicate',
  'rows_conflict',
  'contradictions',
] as const;
export type ImportCount = (typeof importCounts)[number];

export async function readImports(view: DatabaseView): Promise<ImportRecord[]> {
  const rows = await view.list(
    `select no, id, file_name, sha256, size_bytes, feed, state, coalesce(stopped_reason, refused_code, ''),
            (lease_token is not null), ${momentSql('started_at')}, ${momentSql('loaded_at')}, ${importCounts.join(', ')}
     from imports order by no`,
  );
  return rows.map(
    ([
      no,
      id,
      fileName,
      sha256,
      sizeBytes,
      feed,
      state,
      refusedCode,
      leased,
      startedAt,
      loadedAt,
      ...counts
    ]) => ({
      ...{ no: no!, id: id!, fileName: fileName!, sha256: sha256!, sizeBytes: sizeBytes!, feed: feed! },
      ...{ state: state!, refusedCode: refusedCode!, startedAt: startedAt!, loadedAt: loadedAt! },
      isLeased: leased === 't',
      counts: Object.fromEntries(importCounts.map((name, at) => [name, counts[at]!])) as Record<
        ImportCount,
        string
      >,
    }),
  );
}

/** A row of `drops`. */
export interface DropRecord {
  no: string;
  importNo: string;
  /** The name under which the file was dropped. */
  name: string;
  /** Empty when there is none. */
  finalName: string;
  /** Empty when the file was not refused. */
  refusedCode: string;
  state: string;
}

/** In the order in which they were recorded. */
export async function readDrops(view: DatabaseView): Promise<DropRecord[]> {
  const rows = await view.list(
    `select no, import_no, path, coalesce(final_name, ''), coalesce(refusal->>'code', ''), state from drops order by no`,
  );
  return rows.map(([no, importNo, path, finalName, refusedCode, state]) => ({
    ...{ no: no!, importNo: importNo!, finalName: finalName!, refusedCode: refusedCode!, state: state! },
    name: path!.slice(path!.lastIndexOf('/') + 1),
  }));
}
