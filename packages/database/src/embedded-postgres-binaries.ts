import { cpSync, existsSync, lstatSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { giveFolder, makeHalfMade } from './embedded-postgres-folders.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { runProgram, type ServerUser } from './embedded-postgres-process.js';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** As in PG_VERSION of a data folder: '18'. */
  majorVersion: string;
}

const VERSION_DEADLINE_MS = 30_000;

/**
 * Finds the binaries of the platform's package; where the server's user cannot run them there, or they are incomplete and
 * cannot be completed, a copy in `room` is made and used.
 */
export async function findBinaries(
  room: string,
  user: ServerUser | null,
): Promise<Binaries & { copied: boolean }> {
  const { folder, version } = findPackage();
  const complete = completeLinks(folder);
  const inPlace = complete ? await tryBinaries(folder, user) : null;
  if (inPlace !== null && 'majorVersion' in inPlace) return { ...inPlace, copied: false };
  if (user === null && complete) throw cannotRun(folder, inPlace?.output ?? '');
  const copy = join(room, `binaries-${version}`);
  const copied = !existsSync(copy);
  if (copied) copyBinaries(folder, copy, user);
  const found = await tryBinaries(join(copy, 'native'), user);
  if ('majorVersion' in found) return { ...found, copied };
  throw cannotRun(join(copy, 'native'), found.output);
}

function findPackage(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const supported = process.platform === 'linux' || process.platform === 'darwin';
  try {
    if (!supported) throw new Error('The embedded Postgres is for Linux and macOS.');
    // Seen from embedded-postgres, whose optional dependency the platform's package is.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(embedded).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch (err) {
    throw new EmbeddedPostgresError(
      `There is no embedded Postgres for this platform (${process.platform}-${process.arch}): ` +
        (supported ? 'install without --omit=optional, or ' : '') +
        'set DATABASE_URL to a Postgres of your own.',
      { cause: err },
    );
  }
}

/**
 * npm packages cannot hold symbolic links: the package lists them, and its postinstall makes them unless scripts are off.
 * @returns false where they are missing and cannot be made
 */
function completeLinks(folder: string): boolean {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const root = dirname(folder);
  for (const { source, target } of links) {
    const path = join(root, target);
    if (lstatSync(path, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (err) {
      const code = (err as NodeJS.ErrnoException).code;
      if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return false;
      if (code !== 'EEXIST') throw err;
    }
  }
  return true;
}

/** Runs them once as the server's user and looks whether that user can read the files that initdb needs. */
async function tryBinaries(folder: string, user: ServerUser | null): Promise<Binaries | { output: string }> {
  const initdb = join(folder, 'bin', 'initdb');
  const postgres = join(folder, 'bin', 'postgres');
  const bootstrap = join(folder, 'share', 'postgresql', 'postgres.bki');
  const script = '"$1" --version >/dev/null && test -r "$3" && exec "$2" --version';
  const { code, output } = await runProgram('/bin/sh', ['-c', script, 'sh', initdb, postgres, bootstrap], {
    user,
    deadlineMs: VERSION_DEADLINE_MS,
  });
  const majorVersion = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  return code === 0 && majorVersion !== undefined ? { initdb, postgres, majorVersion } : { output };
}

/** Killed half way, it leaves a folder that has not got the name yet; the next start deletes it. */
function copyBinaries(from: string, copy: string, user: ServerUser | null): void {
  const half = makeHalfMade(dirname(copy), null);
  cpSync(from, join(half, 'native'), { recursive: true, verbatimSymlinks: true });
  if (!completeLinks(join(half, 'native'))) throw cannotRun(half, 'its links could not be made');
  if (user) giveFolder(half, user);
  renameSync(half, copy);
}

function cannotRun(folder: string, output: string): EmbeddedPostgresError {
  const reason = output.trim().split('\n').at(-1) ?? '';
  return new EmbeddedPostgresError(
    `The binaries of the embedded Postgres in ${folder} do not run${reason ? ` (${reason})` : ''}: ` +
      'install the packages again, or set DATABASE_URL to a Postgres of your own.',
  );
}
