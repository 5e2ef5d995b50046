import type { Queryable } from '@passbook/database';

/** How many there are of what files become, for those who watch. */
export interface ImportFigures {
  imports: { state: string; count: number }[];
  rowsPosted: number;
  rowsDuplicate: number;
  rowsQuarantined: number;
  reportsDue: number;
  /** Messages that could not be handled, and that nobody has settled. */
  deadLettersOpen: number;
}

export async function readImportFigures(database: Queryable): Promise<ImportFigures> {
  const { rows } = await database.query<{
    state: string;
    count: bigint;
    posted: string;
    duplicate: string;
    quarantined: string;
  }>(
    `select state, count(*) as count, sum(rows_posted) as posted, sum(rows_duplicate) as duplicate,
       sum(rows_invalid + rows_conflict) as quarantined
     from imports group by state`,
  );
  const { rows: open } = await database.query<{ letters: bigint; reports: bigint }>(
    `select (select count(*) from dead_letters where settlement is null) as letters,
       (select count(*) from reports where state = 'due') as reports`,
  );
  const sum = (of: (row: (typeof rows)[number]) => string): number =>
    rows.reduce((total, row) => total + Number(of(row)), 0);
  return {
    imports: rows.map(({ state, count }) => ({ state, count: Number(count) })),
    rowsPosted: sum((row) => row.posted),
    rowsDuplicate: sum((row) => row.duplicate),
    rowsQuarantined: sum((row) => row.quarantined),
    reportsDue: Number(open[0]!.reports),
    deadLettersOpen: Number(open[0]!.letters),
  };
}
