import type { Database } from '@passbook/database';
import { until } from '@passbook/testing';

/** Where an import is at present. */
interface Progress {
  state: string;
  chunksLoaded: number;
  rowsPosted: number;
  rowsDuplicate: number;
}

/** A machine that is ten times as slow as the slowest we know. */
const DEADLINE_MS = 60 * 60_000;

/** Looks on, by the database, while a file becomes statements. What fails is an error. */
export interface ImportWatch {
  /** Until the first rows of it are committed. */
  untilBegun(): Promise<Progress>;
  /** Until the last row of it is committed. */
  untilLoaded(): Promise<Progress>;
  /** Until the last report of it is written. */
  untilReported(): Promise<void>;
  /** Until its file has gone to its place, and nobody has work with it. */
  untilDone(): Promise<void>;
}

/** @param expectAlive throws when nobody will go on with it */
export function watchImport(database: Database, fileName: string, expectAlive: () => void): ImportWatch {
  const read = async (): Promise<Progress | null> => {
    expectAlive();
    const { rows } = await database.query<Progress & { reason: string | null }>(
      `select state, coalesce(refused_code, stopped_reason) as reason, chunks_loaded as "chunksLoaded",
              rows_posted::integer as "rowsPosted", rows_duplicate::integer as "rowsDuplicate"
       from imports where file_name = $1`,
      [fileName],
    );
    const [row] = rows;
    if (row?.state === 'stopped' || row?.state === 'refused')
      throw new Error(`${fileName} is ${row.state}: ${row.reason}`);
    return row ?? null;
  };
  const untilIs = (claim: string, test: (progress: Progress) => boolean): Promise<Progress> =>
    until(
      `${fileName} ${claim}`,
      async () => {
        const progress = await read();
        return progress && test(progress) ? progress : null;
      },
      DEADLINE_MS,
    );
  const untilNone = (claim: string, sql: string): Promise<unknown> =>
    until(
      `${fileName} ${claim}`,
      async () => {
        expectAlive();
        return (await database.query(`select from ${sql} limit 1`, [fileName])).rowCount === 0;
      },
      DEADLINE_MS,
    );
  const ofImport = `import_no = (select no from imports where file_name = $1)`;
  const untilLoaded = (): Promise<Progress> => untilIs('is loaded', ({ state }) => state === 'loaded');
  return {
    untilBegun: () => untilIs('is begun', ({ chunksLoaded }) => chunksLoaded > 0),
    untilLoaded,
    async untilReported() {
      // Before that no report is due, because none is known.
      await untilLoaded();
      await untilNone('has its statements', `reports where state = 'due' and ${ofImport}`);
    },
    async untilDone() {
      await untilNone('is in its place', `drops where state <> 'done' and ${ofImport}`);
    },
  };
}
