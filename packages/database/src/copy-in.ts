import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import type { Transaction } from './database.js';

/**
 * Runs `COPY … FROM STDIN` with these pieces of rows, in the form that it names.
 * @returns the number of rows that Postgres took
 * @throws the error of Postgres (the transaction is then to be rolled back)
 */
export async function copyIn(
  trx: Transaction,
  sql: string,
  pieces: Iterable<string | Buffer>,
): Promise<number> {
  const stream = trx.query(from(sql));
  const done = finished(stream);
  // Awaited below; a failure while we still write must not be taken for one that nobody sees.
  done.catch(() => {});
  try {
    for (const piece of pieces) {
      if (stream.destroyed) break;
      if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), done]);
    }
  } catch (err) {
    // The COPY is ended, too: the rollback would wait behind it for ever.
    stream.destroy(err as Error);
    throw err;
  }
  stream.end();
  await done;
  return stream.rowCount;
}
