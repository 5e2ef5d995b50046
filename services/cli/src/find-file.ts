import { basename, join, resolve } from 'node:path';
import type { Database } from '@passbook/database';
import { findDrops, readHeldImport, type FoundDrop, type ImportSummary } from '@passbook/imports';
import { lookAtPath, pathsOf, type Folders, type Sight } from './look-at-path.js';

/** The exit code of a command when nothing is known of what was asked for. */
export const UNKNOWN = 2;

/** A file as a person names it: what lies there, and the drop that it is. */
export interface FoundFile {
  /** As it was asked for. */
  named: string;
  sight: Sight | null;
  /** What Passbook wrote beside a file: the drop is of that file. */
  beside: 'receipt' | 'error' | 'rows' | null;
  drop: FoundDrop | null;
  /** The drop has that name, but what lies there are other bytes. */
  isChanged: boolean;
  /** The import of what lies there, when a person has to decide first what it means: it is no drop before. */
  held: ImportSummary | null;
  /** What lies there is the drop itself, on its way. */
  isTaken: boolean;
  /** Other drops of that name. */
  others: number;
}

const besideEndings = [
  { ending: '.receipt.json', beside: 'receipt', lies: 'in processed' },
  { ending: '.error.json', beside: 'error', lies: 'in quarantine' },
  { ending: '.rows.csv', beside: 'rows', lies: 'in quarantine' },
] as const;

/**
 * Finds a file by its path, by its name, and by its bytes where it is there. A name alone may be of a file in one of the
 * product's folders; of several drops it is the newest.
 * @param database null where there is none yet
 * @returns null when nothing is known of it
 */
export async function findFile(
  database: Database | null,
  named: string,
  place: Folders & { standsIn: string },
): Promise<FoundFile | null> {
  const isName = basename(named) === named;
  const given = resolve(place.standsIn, named);
  const seen =
    (await lookAtPath(given, place)) ??
    (isName ? await lookAtPath(join(place.IMPORTS_DIR, named), place) : null);
  if (seen) return describeSeen(database, named, seen);

  const gone = database ? await findGone(database, given) : [];
  if (gone[0]) return { ...unknown, named, sight: null, drop: gone[0], others: gone.length - 1 };
  for (const folder of isName ? [place.PROCESSED_DIR, place.QUARANTINE_DIR] : []) {
    const sight = await lookAtPath(join(folder, named), place);
    if (sight) return describeSeen(database, named, sight);
  }
  return null;
}

const unknown = { beside: null, drop: null, isChanged: false, held: null, isTaken: false, others: 0 };

/** Drops of a path at which nothing lies any more: of the path itself, or of its name. */
async function findGone(database: Database, path: string): Promise<FoundDrop[]> {
  const byPath = await findDrops(database, { paths: await pathsOf(path) });
  return byPath.length > 0 ? byPath : findDrops(database, { name: basename(path) });
}

async function describeSeen(
  database: Database | null,
  named: string,
  sight: Sight,
): Promise<FoundFile | null> {
  const nothing = { ...unknown, named, sight };
  if (!database) return isTellingInItself(sight) ? nothing : null;
  const beside = await findBeside(database, sight);
  if (beside) return { ...nothing, ...beside };
  const byName = await findSeenByName(database, sight);
  const byBytes = sight.sha256 === null ? [] : await findDrops(database, { sha256: sight.sha256 });
  const same = byName.find((drop) => drop.sha256 === sight.sha256);
  const drop = same ?? byBytes[0] ?? byName[0] ?? null;
  const held = sight.sha256 === null ? null : await readHeldImport(database, sight.sha256);
  if (!drop && !held && !isTellingInItself(sight)) return null;
  const isChanged = drop !== null && drop.sha256 !== sight.sha256;
  const isTaken =
    drop !== null && !isChanged && drop.state !== 'done' && (await pathsOf(sight.path)).includes(drop.path);
  const others = byName.filter((other) => other.no !== drop?.no).length;
  return { ...nothing, drop, isChanged, held, isTaken, others };
}

/** Of what lies in the imports folder there is something to say, also if nobody has taken it yet. */
function isTellingInItself(sight: Sight): boolean {
  return sight.lies === 'in imports' || sight.lies === 'below imports';
}

async function findSeenByName(database: Database, { path, lies }: Sight): Promise<FoundDrop[]> {
  const name = basename(path);
  if (lies === 'in processed') return findDrops(database, { finalName: name, isRefused: false });
  if (lies === 'in quarantine') return findDrops(database, { finalName: name, isRefused: true });
  const byPath = await findDrops(database, { paths: await pathsOf(path) });
  return byPath.length > 0 ? byPath : findDrops(database, { name });
}

/** The drop that a receipt, an error file or a rows file stands beside. */
async function findBeside(
  database: Database,
  { path, lies }: Sight,
): Promise<Pick<FoundFile, 'beside' | 'drop'> | null> {
  const name = basename(path);
  const kind = besideEndings.find((one) => one.lies === lies && name.endsWith(one.ending));
  if (!kind) return null;
  const finalName = name.slice(0, -kind.ending.length);
  const [drop] = await findDrops(database, { finalName, isRefused: kind.beside === 'error' });
  return drop ? { beside: kind.beside, drop } : null;
}
