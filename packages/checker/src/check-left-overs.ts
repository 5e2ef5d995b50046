import type { Findings } from './findings.js';
import type { DatabaseView, ImportRecord } from './read-database.js';

/** When all processes have ended nothing of them is left: no lock, no connection, no lease. */
export async function checkLeftOvers(
  findings: Findings,
  view: DatabaseView,
  imports: readonly ImportRecord[],
): Promise<void> {
  const locks = await view.list(
    `select classid, objid from pg_locks
     where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  );
  for (const lock of locks) findings.add('left over', `the advisory lock ${lock.join(', ')} is held`);
  const connections = await view.list(
    `select application_name from pg_stat_activity
     where datname = current_database() and application_name like 'passbook%' and pid <> pg_backend_pid()`,
  );
  for (const [name] of connections) findings.add('left over', `${name} is still connected`);
  for (const [id] of await view.list('select gid from pg_prepared_xacts where database = current_database()'))
    findings.add('left over', `the transaction ${id} is prepared, and neither committed nor rolled back`);
  for (const one of imports)
    if (one.isLeased) findings.add('left over', `the lease on the import of ${one.fileName} is still held`);
}
