import type { Queryable } from '@passbook/database';
import { classOf, reconciledRows } from './reconcile-sql.js';
import type { ReconciliationSnapshot } from './snapshot.js';

/** Memory is that of so many rows. */
const ROWS_PER_FETCH = 5_000;

/** What is to be looked into: a row of one side, or of both. */
export interface Discrepancy {
  id: string;
  class: 'mismatched' | 'missing_in_repository' | 'missing_in_customer' | 'not_eligible';
  /** A bit for each column. */
  differs: number;
  /** A bit for each rule that the customer's row breaks. */
  failed: number;
  /** What the two sides say in each column that is compared, in their order; null where a side has no row. */
  customer: (string | null)[];
  repository: (string | null)[];
  /** Where the rows stand; null where there is none, and of a row that came over HTTP. */
  customerFile: string | null;
  customerLine: number | null;
  repositoryFile: string | null;
  repositoryLine: number | null;
}

/**
 * All discrepancies, by class and id, from a cursor that Postgres keeps outside of a transaction.
 * @param connection for nothing else meanwhile
 */
export async function* readDiscrepancies(
  connection: Queryable,
  snapshot: ReconciliationSnapshot,
): AsyncGenerator<Discrepancy[], void, undefined> {
  await declareCursor(connection, snapshot);
  try {
    for (;;) {
      const { rows } = await connection.query<Discrepancy>(`fetch ${ROWS_PER_FETCH} from discrepancies`);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await connection.query('close discrepancies');
  }
}

async function declareCursor(connection: Queryable, snapshot: ReconciliationSnapshot): Promise<void> {
  const { text, parameters } = reconciledRows(snapshot);
  const columns = snapshot.reconciliation.compares.map((_, at) => at);
  const values = (side: 'c' | 'r'): string =>
    `array[${columns.map((at) => `${side}${at}::text`).join(', ')}]`;
  await connection.query(
    `declare discrepancies cursor with hold for
     with ${text}
     select coalesce(c_id, r_id)::text as id, class, differs, failed, ${values('c')} as customer, ${values('r')} as repository,
            ci.file_name as "customerFile", case when c_import_no > 0 then c_line::double precision end as "customerLine",
            ri.file_name as "repositoryFile", case when r_import_no > 0 then r_line::double precision end as "repositoryLine"
     from reconciled
     cross join lateral (select ${classOf} as class) as classified
     left join imports ci on ci.no = c_import_no
     left join imports ri on ri.no = r_import_no
     where class in ('mismatched', 'missing_in_repository', 'missing_in_customer') or (class = 'not_eligible' and r_id is not null)
     order by array_position(array['mismatched', 'missing_in_repository', 'missing_in_customer', 'not_eligible'], class),
              coalesce(c_id, r_id)::text collate "C"`,
    parameters,
  );
}
