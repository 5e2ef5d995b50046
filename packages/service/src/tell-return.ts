import { isConnectionLost, type Database } from '@passbook/database';
import type { Logger } from '@passbook/runtime';

/**
 * The same database, which says once that Postgres is there again when a statement succeeds after the connection was lost.
 * That it is away is said by whoever tries again what failed.
 */
export function tellReturn(database: Database, log: Logger): Database {
  let isAway = false;
  const watch = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const result = await work;
      if (isAway) log.info('Postgres is there again');
      isAway = false;
      return result;
    } catch (err) {
      isAway ||= isConnectionLost(err);
      throw err;
    }
  };
  return {
    ...database,
    query: (sql, parameters) => watch(database.query(sql, parameters)),
    withTransaction: (work) => watch(database.withTransaction(work)),
    withConnection: (work) => watch(database.withConnection(work)),
  };
}
