import type { Queryable } from '@passbook/database';
import { reconciledRows } from './reconcile-sql.js';
import type { Reconciliation } from './reconciliation-definition.js';
import type { ReconciliationSnapshot } from './snapshot.js';

/** Rows of both sides that are alike in all that is counted. */
export interface RowGroup {
  hasCustomer: boolean;
  hasRepository: boolean;
  /** A bit for each rule that they break. */
  failed: number;
  /** A bit for each column in which the sides differ. */
  differs: number;
  count: number;
}

/** What became of the rows of the files of a side. */
export interface SideClasses {
  matched: number;
  mismatched: number;
  /** Of the customer's side in the repository, of the repository's in the files of customers. */
  missing: number;
  notEligible: number;
  duplicate: number;
  invalid: number;
}

/** A file of a side; or all rows of it that came over HTTP, then without a name. */
export interface ReconciledLoad {
  side: 'customer' | 'repository';
  importId: string | null;
  file: string | null;
  rowsRead: number;
  rowsPosted: number;
  rowsDuplicate: number;
  rowsInvalid: number;
}

/** Counts all rows in one pass over both sides. */
export async function countGroups(
  database: Queryable,
  snapshot: ReconciliationSnapshot,
): Promise<RowGroup[]> {
  const { rows } = await database.query<RowGroup>(
    `with ${reconciledRows(snapshot)}
     select c_id is not null as "hasCustomer", r_id is not null as "hasRepository", failed, differs,
            count(*)::double precision as count
     from reconciled group by 1, 2, 3, 4`,
  );
  return rows;
}

/** The files of both sides that count, in the order in which they came to. What came over HTTP is at the end of its side. */
export async function readLoads(
  database: Queryable,
  { reconciliation: { customer, repository }, newestLoad }: ReconciliationSnapshot,
): Promise<ReconciledLoad[]> {
  const { rows } = await database.query<ReconciledLoad>(
    `select case when l.feed = $2 then 'customer' else 'repository' end as side, i.id as "importId", i.file_name as file,
            sum(l.rows_read)::double precision as "rowsRead", sum(l.rows_posted)::double precision as "rowsPosted",
            coalesce(sum(i.rows_duplicate), 0)::double precision as "rowsDuplicate",
            coalesce(sum(i.rows_invalid + i.rows_conflict), 0)::double precision as "rowsInvalid"
     from feed_loads l left join imports i on i.no = l.import_no
     where l.feed in ($2, $3) and l.no <= $1::bigint
     group by l.feed, i.no order by side, i.no is null, min(l.no)`,
    [newestLoad, customer.feed, repository.feed],
  );
  return rows;
}

/** The classes of both sides. Pure. */
export function sumClasses(
  groups: readonly RowGroup[],
  loads: readonly ReconciledLoad[],
): { customer: SideClasses; repository: SideClasses } {
  const sum = (of: (group: RowGroup) => boolean): number =>
    groups.reduce((all, group) => all + (of(group) ? group.count : 0), 0);
  const isPair = (group: RowGroup): boolean => group.hasCustomer && group.hasRepository && group.failed === 0;
  const pairs = {
    matched: sum((group) => isPair(group) && group.differs === 0),
    mismatched: sum((group) => isPair(group) && group.differs > 0),
  };
  const outcomes = (side: ReconciledLoad['side']): { duplicate: number; invalid: number } => {
    const own = loads.filter((load) => load.side === side);
    return {
      duplicate: own.reduce((all, { rowsDuplicate }) => all + rowsDuplicate, 0),
      invalid: own.reduce((all, { rowsInvalid }) => all + rowsInvalid, 0),
    };
  };
  return {
    customer: {
      ...pairs,
      missing: sum((group) => !group.hasRepository && group.failed === 0),
      notEligible: sum((group) => group.hasCustomer && group.failed > 0),
      ...outcomes('customer'),
    },
    repository: {
      ...pairs,
      missing: sum((group) => !group.hasCustomer),
      notEligible: sum((group) => group.hasCustomer && group.hasRepository && group.failed > 0),
      ...outcomes('repository'),
    },
  };
}

/** How many of the customer's rows each rule excludes, and how many it alone. Pure. */
export function countExcluded(
  groups: readonly RowGroup[],
  { rules }: Reconciliation,
): { excluded: number; excludedAlone: number }[] {
  return rules.map((_, at) => {
    const bit = 2 ** at;
    let [excluded, excludedAlone] = [0, 0];
    for (const { failed, count } of groups) {
      if ((failed & bit) !== 0) excluded += count;
      if (failed === bit) excludedAlone += count;
    }
    return { excluded, excludedAlone };
  });
}

/** In how many mismatched rows each column differs. Pure. */
export function countDiffering(groups: readonly RowGroup[], { compares }: Reconciliation): number[] {
  return compares.map((_, at) =>
    groups.reduce(
      (all, { failed, differs, count }) => all + (failed === 0 && (differs & (2 ** at)) !== 0 ? count : 0),
      0,
    ),
  );
}
