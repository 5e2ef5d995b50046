import { randomUUID } from 'node:crypto';
import type { Queryable } from '@passbook/database';
import { LEASE_SECONDS } from './lease.js';

/** A report that is to be rendered, with all that its pages depend on beside the import's rows. */
export interface DueReport {
  no: bigint;
  importNo: number;
  importId: string;
  fileName: string;
  feed: string;
  locale: string;
  timeZone: string;
  /** When the import was complete; RFC 3339 in UTC. */
  loadedAt: string;
  /** Null for the index of the import. */
  accountId: bigint | null;
  snapshot: unknown;
}

/** Reports of one claim: one claim is a few queries. */
const REPORTS_PER_CLAIM = 1_000;

/**
 * Claims due reports of one import; those that another reporter has are passed over. The index of an import comes after
 * all its others.
 */
export async function claimReports(database: Queryable): Promise<{ token: string; reports: DueReport[] }> {
  const token = randomUUID();
  const { rows } = await database.query<DueReport>(
    `with claimed as (
       update reports set lease_token = $1, lease_until = now() + make_interval(secs => $2)
       where no in (
         select r.no from reports r
         where ${claimable('r')} and r.import_no = (
           select f.import_no from reports f where ${claimable('f')} order by f.no limit 1)
         order by r.no limit $3
         for update skip locked)
       returning no, import_no, account_id, snapshot
     )
     select ${dueReportColumns('c')}
     from claimed c join imports i on i.no = c.import_no order by c.no`,
    [token, LEASE_SECONDS, REPORTS_PER_CLAIM],
  );
  return { token, reports: rows };
}

/** The report of an account in an import, rendered or not, and the version of the template that was meant for it. */
export async function findReport(
  database: Queryable,
  importId: string,
  accountId: bigint,
): Promise<(DueReport & { templateVersion: number }) | null> {
  const { rows } = await database.query<DueReport & { templateVersion: number }>(
    `select ${dueReportColumns('r')}, r.template_version as "templateVersion"
     from reports r join imports i on i.no = r.import_no where i.id = $1 and r.account_id = $2`,
    [importId, accountId],
  );
  return rows[0] ?? null;
}

/** @param r what has the columns of `reports`; beside it `i`, its import */
const dueReportColumns = (r: string): string =>
  `${r}.no, ${r}.import_no as "importNo", i.id as "importId", i.file_name as "fileName", i.feed, i.locale,
   i.chunking->>'timeZone' as "timeZone", i.loaded_at as "loadedAt", ${r}.account_id as "accountId", ${r}.snapshot`;

/** Due, held by nobody; and if it is an index, the last of its import. */
const claimable = (
  r: string,
): string => `${r}.state = 'due' and (${r}.lease_until is null or ${r}.lease_until < now())
  and (${r}.account_id is not null or not exists (
    select 1 from reports o where o.import_no = ${r}.import_no and o.account_id is not null and o.state = 'due'))`;

/** Says that the reports of a claim are still being rendered. One that another reporter took since is not touched. */
export async function renewReports(database: Queryable, token: string): Promise<void> {
  await database.query(
    `update reports set lease_until = now() + make_interval(secs => $2) where lease_token = $1 and state = 'due'`,
    [token, LEASE_SECONDS],
  );
}

/** Marks reports as rendered, if they are still ours. @returns which were */
export async function markRendered(
  database: Queryable,
  token: string,
  nos: readonly bigint[],
): Promise<Set<bigint>> {
  const { rows } = await database.query<{ no: bigint }>(
    `update reports set state = 'done', lease_token = null, lease_until = null
     where no = any($1) and lease_token = $2 returning no`,
    [nos, token],
  );
  return new Set(rows.map(({ no }) => no));
}

/** The reports of some accounts of an import, as they are rendered again, in the order of their numbers. */
export async function readReports(
  database: Queryable,
  importNo: number,
  accountIds: readonly bigint[],
): Promise<DueReport[]> {
  const { rows } = await database.query<DueReport>(
    `select ${dueReportColumns('r')} from reports r join imports i on i.no = r.import_no
     where r.import_no = $1 and r.account_id = any($2) order by r.no`,
    [importNo, accountIds],
  );
  return rows;
}

/**
 * Gives back what was not rendered, so that it need not wait for the end of the lease; after a failure not before a pause
 * is over, so that the reports of other imports need not wait for it.
 */
export async function releaseReports(database: Queryable, token: string, pauseSeconds = 0): Promise<void> {
  await database.query(
    `update reports set lease_token = null, lease_until = now() + make_interval(secs => $2)
     where lease_token = $1 and state = 'due'`,
    [token, pauseSeconds],
  );
}

/** The reports of an import that are not rendered yet. */
export async function countDueReports(database: Queryable, importNo: number): Promise<number> {
  const { rows } = await database.query<{ count: bigint }>(
    `select count(*) from reports where import_no = $1 and state = 'due'`,
    [importNo],
  );
  return Number(rows[0]!.count);
}
