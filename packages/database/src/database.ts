import pg from 'pg';
import { isWeather } from './sqlstate.js';

/** A connection inside a transaction: a last parameter `trx` means "inside your transaction". */
export type Transaction = pg.PoolClient;

/** What can run one statement: the pool or a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

export interface Database extends Queryable {
  url: string;
  /**
   * Commits when `work` resolves, rolls back when it throws. Isolation: read committed.
   * An error of the COMMIT itself leaves open whether it happened: callers must be able to ask again.
   */
  withTransaction<T>(work: (trx: Transaction) => Promise<T>): Promise<T>;
  /** Lends one connection outside of a transaction (for locks that belong to a session). */
  withConnection<T>(work: (connection: pg.PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const OID_INT8 = 20;
const OID_TIMESTAMPTZ = 1184;

/**
 * A process that is frozen inside a transaction (its machine asleep, its container paused) would hold its locks for as
 * long, and everybody waits behind them. Postgres ends its session instead. Between two statements we compute, or write
 * a page of a report: nothing that takes so long.
 */
const IDLE_IN_TRANSACTION_MAX_MS = 30_000;

/** A machine that is gone does not say so: Postgres asks after 10 s of silence, four times. The default is two hours. */
const KEEPALIVE = { idle: 10, interval: 5, count: 4 };

const sessionSettings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  // What a statement costs in a table that has just been filled is guessed, and far too high: a server that can would
  // compile it for longer than it runs.
  jit: 'off',
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MAX_MS,
  tcp_keepalives_idle: KEEPALIVE.idle,
  tcp_keepalives_interval: KEEPALIVE.interval,
  tcp_keepalives_count: KEEPALIVE.count,
};

/**
 * Opens a pool. bigint columns come as JS bigints, timestamptz as RFC 3339 text in UTC (with microseconds if it has any):
 * neither ever passes through a float or a Date.
 */
export function openDatabase(options: {
  url: string;
  applicationName: string;
  connectionsMax?: number;
}): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.connectionsMax ?? 10,
    connectionTimeoutMillis: 10_000,
    // A server whose machine is gone says nothing: without questions of the kernel a statement would wait for hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE.idle * 1000,
    options: Object.entries(sessionSettings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  });
  // An idle connection that breaks is thrown away by the pool; the next statement opens a new one or fails.
  pool.on('error', () => {});
  const withConnection: Database['withConnection'] = async (work) => {
    const connection = await pool.connect();
    let broken: Error | undefined;
    // A line that is cut between two statements is told as an event, which would end the process if nobody listened. The
    // next statement fails.
    const breaks = (err: Error): void => {
      broken = err;
    };
    connection.on('error', breaks);
    try {
      return await work(connection);
    } catch (err) {
      if (isWeather(err)) broken = err as Error;
      throw err;
    } finally {
      connection.off('error', breaks);
      connection.release(broken);
    }
  };
  return {
    url: options.url,
    query: (sql, parameters) => pool.query(sql, parameters as unknown[]),
    withConnection,
    withTransaction: (work) =>
      withConnection(async (trx) => {
        await trx.query('begin');
        try {
          const result = await work(trx);
          await trx.query('commit');
          return result;
        } catch (err) {
          await rollBack(trx, err);
          throw err;
        }
      }),
    close: () => pool.end(),
  };
}

/** A connection whose ROLLBACK fails is broken; the first error is the one that says why. */
async function rollBack(trx: Transaction, reason: unknown): Promise<void> {
  try {
    await trx.query('rollback');
  } catch (err) {
    if (reason instanceof Error) reason.cause ??= err;
  }
}

function parserOf(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === OID_INT8) return BigInt;
  if (oid === OID_TIMESTAMPTZ) return toRfc3339;
  return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
}

/** `2021-01-01 07:03:21.5+00` → `2021-01-01T07:03:21.5Z`; the session's time zone is UTC. */
function toRfc3339(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, -3)}Z`;
}
