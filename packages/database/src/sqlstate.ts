import { types } from 'node:util';

/**
 * Three kinds of failure, three treatments. Bad weather (broker or database away, deadlock, serialization) is tried again;
 * bad data is set apart; anything else is a bug and ends the process.
 */

/** Codes of the operating system that mean: the server is not there, or the line is cut. */
const lineCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** SQLSTATEs, or the class of them (two letters), that pass by themselves. */
const weatherStates = new Set([
  '08', // connection exception
  '53', // insufficient resources: disk full, out of memory, too many connections
  '25P03', // our transaction was idle for too long (we were frozen), and Postgres has ended the session
  '25P04', // our transaction took longer than the server allows
  '40001', // serialization failure
  '40P01', // deadlock detected
  '55P03', // lock not available
  '57014', // statement cancelled (a timeout)
  '57P01', // the server is told to stop
  '57P02', // the server crashed
  '57P03', // the server is starting
  '57P05', // our session was idle for longer than the server allows
  '58030', // I/O error
]);

/** Those of them that end the session, or begin none. */
const lostStates = new Set(['08', '25P03', '25P04', '53300', '57P01', '57P02', '57P03', '57P05']);

/** Those of them by which transactions get out of each other's way. */
const rolledBackStates = new Set(['40001', '40P01']);

/** Whether trying the same again may succeed without anyone changing it. */
export function isWeather(err: unknown): boolean {
  return isConnectionLost(err) || hasState(err, weatherStates);
}

/** Whether there is no connection (any more): bad weather of which nothing is left as soon as a statement succeeds. */
export function isConnectionLost(err: unknown): boolean {
  // Not `instanceof`: an error of Node's own may be of another realm, as under jest.
  if (!types.isNativeError(err)) return false;
  if (sqlState(err) !== null) return hasState(err, lostStates);
  const lineCode = (err as NodeJS.ErrnoException).code;
  if (lineCode !== undefined && lineCodes.has(lineCode)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/.test(
    err.message,
  );
}

/** Whether Postgres has ended our transaction for the sake of another one: nothing of it is there, and the other goes on. */
export function isRolledBack(err: unknown): boolean {
  return hasState(err, rolledBackStates);
}

/** Whether the error has one of these SQLSTATEs, or one of these classes. */
function hasState(err: unknown, states: ReadonlySet<string>): boolean {
  const code = err instanceof Error ? sqlState(err) : null;
  return code !== null && (states.has(code) || states.has(code.slice(0, 2)));
}

/** Data that can never be stored, seen by us before Postgres could: trying again would not help. */
export class RefusedDataError extends Error {
  override readonly name = 'RefusedDataError';
}

/** Whether the data itself was refused: by us, or by Postgres with class 22 (data exception) or 23 (a constraint). */
export function isRefusedData(err: unknown): boolean {
  if (err instanceof RefusedDataError) return true;
  const state = err instanceof Error ? sqlState(err) : null;
  return state !== null && (state.startsWith('22') || state.startsWith('23'));
}

/** Whether two rows met in the unique constraint or index of this name. */
export function isUniqueViolation(err: unknown, constraint: string): boolean {
  return (
    err instanceof Error &&
    sqlState(err) === '23505' &&
    (err as { constraint?: string }).constraint === constraint
  );
}

/** Whether Postgres does not let us in: another password, no such user or database, no rights. */
export function isRefusedConnection(err: unknown): boolean {
  const state = err instanceof Error ? sqlState(err) : null;
  return state !== null && (state.startsWith('28') || state === '3D000' || state === '42501');
}

/** In words why a statement or a connection failed: one that several addresses refused has no message of its own. */
export function explainPostgresError(err: unknown): string {
  return (err as Error).message || String((err as NodeJS.ErrnoException).code);
}

/** Whether the disk of the database is full: weather, but of a kind that a user can mend. */
export function isDiskFull(err: unknown): boolean {
  return err instanceof Error && sqlState(err) === '53100';
}

/** The five characters that Postgres gives as the kind of an error; null for errors of other origin. */
export function sqlState(err: Error): string | null {
  const code: unknown = (err as { code?: unknown }).code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in err ? code : null;
}
