import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { to } from 'pg-copy-streams';

/**
 * Runs `COPY … TO STDOUT`: what Postgres writes, piece by piece, as fast as it is taken. Whoever takes no more of it leaves
 * the connection usable: the rest is read and thrown away.
 * @param connection for nothing else meanwhile
 */
export async function* copyOut(
  connection: pg.ClientBase,
  sql: string,
): AsyncGenerator<Buffer, void, undefined> {
  const stream = connection.query(to(sql));
  const done = finished(stream);
  // Awaited below; a failure before that is thrown where the pieces are taken.
  done.catch(() => {});
  try {
    for await (const piece of stream.iterator({ destroyOnReturn: false })) yield piece as Buffer;
  } finally {
    stream.resume();
    await done;
  }
}
