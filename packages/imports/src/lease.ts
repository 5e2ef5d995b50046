import { randomUUID } from 'node:crypto';
import type { Queryable } from '@passbook/database';

/**
 * How long a chunker may be silent before another takes its import over. Two at work on one import do no harm (the
 * chunks are the same, and only the holder of the token changes the row or moves a file), so this may be short.
 */
export const LEASE_SECONDS = 15;
export const LEASE_RENEW_MS = 4_000;

/** Another has the lease now, and goes on with the import. */
export class LeaseLostError extends Error {
  constructor() {
    super('The lease on this import was lost.');
    this.name = 'LeaseLostError';
  }
}

/** Takes the lease on an import if nobody holds it. @returns the token, or null */
export async function takeLease(database: Queryable, importNo: number): Promise<string | null> {
  const token = randomUUID();
  const { rowCount } = await database.query(
    `update imports set lease_token = $2, lease_until = now() + make_interval(secs => $3)
     where no = $1 and (lease_until is null or lease_until < now())`,
    [importNo, token, LEASE_SECONDS],
  );
  return rowCount === 1 ? token : null;
}

/** @returns false when another has the lease now: then stop work on this import */
export async function renewLease(database: Queryable, importNo: number, token: string): Promise<boolean> {
  const { rowCount } = await database.query(
    `update imports set lease_until = now() + make_interval(secs => $3) where no = $1 and lease_token = $2`,
    [importNo, token, LEASE_SECONDS],
  );
  return rowCount === 1;
}

export async function releaseLease(database: Queryable, importNo: number, token: string): Promise<void> {
  await database.query(
    `update imports set lease_token = null, lease_until = null where no = $1 and lease_token = $2`,
    [importNo, token],
  );
}

/** Imports with work for a chunker that nobody holds: chunks to send, rows to wait for, a file to move. The oldest first. */
export async function listUnattendedImports(database: Queryable): Promise<number[]> {
  const { rows } = await database.query<{ no: number }>(
    `select i.no from imports i
     where (i.lease_until is null or i.lease_until < now())
       and (i.state in ('reading', 'chunked')
            or i.state in ('loaded', 'refused') and exists (select 1 from drops d where d.import_no = i.no and d.state <> 'done'))
     order by i.no`,
  );
  return rows.map((row) => row.no);
}
