import type { Database } from '@passbook/database';
import { findImports, readImport, type Import } from '@passbook/imports';
import { UserError } from '@passbook/runtime';
import { findFile, type FoundFile } from './find-file.js';
import type { Folders } from './look-at-path.js';

/** An import as a person names it. */
export interface NamedImport {
  one: Import;
  /** Its file, with the drop that was meant; null when the import itself was named. */
  file: (FoundFile & { drop: NonNullable<FoundFile['drop']> }) | null;
}

/** So many characters of an id are enough, as in the names of report folders. */
const idStart = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/i;

/**
 * Finds an import by its id, by the beginning of it (eight characters or more), or by its file, as `findFile` does.
 * @returns null when nothing is known of it
 * @throws UserError when two ids begin so
 */
export async function findImport(
  database: Database,
  named: string,
  place: Folders & { standsIn: string },
): Promise<NamedImport | null> {
  if (idStart.test(named)) {
    const [one, another] = await findImports(database, named);
    if (another)
      throw new UserError(`More than one import begins with ${named}. Give more of its id.`, { exitCode: 2 });
    if (one) return { one, file: null };
  }
  const file = await findFile(database, named, place);
  if (!file?.drop) return null;
  return { one: await readImport(database, file.drop.importNo), file: { ...file, drop: file.drop } };
}
