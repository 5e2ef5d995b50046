import type { Queryable } from '@passbook/database';
import { isRowId } from './row-id.js';

/** Who holds accounts. */
export interface Client {
  id: bigint;
  name: string;
  /** Null where it has none; no two clients have the same. */
  login: string | null;
  email: string | null;
  /** RFC 3339 in UTC. */
  createdAt: string;
}

/** To be selected from `clients c`. */
export const clientColumns = 'c.id, c.name, c.login, c.email, c.created_at as "createdAt"';

/** The client of this id, or null. */
export async function readClient(database: Queryable, id: bigint): Promise<Client | null> {
  if (!isRowId(id)) return null;
  const { rows } = await database.query<Client>(`select ${clientColumns} from clients c where c.id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

/** A page of the clients, by id; those that files have brought among them. */
export async function listClients(
  database: Queryable,
  page: { afterId: bigint | null; limit: number },
): Promise<Client[]> {
  const { rows } = await database.query<Client>(
    `select ${clientColumns} from clients c where c.id > $1 order by c.id limit $2`,
    [page.afterId ?? 0n, page.limit],
  );
  return rows;
}
