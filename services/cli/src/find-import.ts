import { basename, resolve } from 'node:path';
import type { Database } from '@passbook/database';
import { findDrops, findImports, readImport, type FoundDrop, type Import } from '@passbook/imports';
import { UserError } from '@passbook/runtime';

/** An import as a person names it. */
export interface NamedImport {
  one: Import;
  /** The newest drop of that name; null when the import itself was named. */
  drop: FoundDrop | null;
  /** How many other drops have that name. */
  others: number;
}

/** So many characters of an id are enough, as in the names of report folders. */
const idStart = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/i;

/**
 * Finds an import by its id, by the beginning of it (eight characters or more), or by the name or path of a file.
 * @returns null when nothing is known of it
 * @throws UserError when two ids begin so
 */
export async function findImport(
  database: Database,
  named: string,
  standsIn: string,
): Promise<NamedImport | null> {
  if (idStart.test(named)) {
    const [one, another] = await findImports(database, named);
    if (another)
      throw new UserError(`More than one import begins with ${named}. Give more of its id.`, { exitCode: 2 });
    if (one) return { one, drop: null, others: 0 };
  }
  const byPath = await findDrops(database, { paths: [resolve(standsIn, named)] });
  const drops = byPath.length > 0 ? byPath : await findDrops(database, { name: basename(named) });
  const [drop] = drops;
  if (!drop) return null;
  return { one: await readImport(database, drop.importNo), drop, others: drops.length - 1 };
}
