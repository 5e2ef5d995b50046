// Where the files of the embedded Postgres are, below PASSBOOK_DIR:
//   postgres/password, log, lock/, attached/   ours
//   postgres/data                              the cluster, owned by the user that the server runs as
//   postgres/room                              only where that user cannot enter here: names the folder below /var/tmp that
//                                              holds `data` instead (and, if need be, a copy of the binaries)
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { runProgram, type ServerUser } from './embedded-postgres-process.js';

const LOOK_DEADLINE_MS = 10_000;
/** Prefix of what a killed start may leave. */
const HALF_MADE = 'half-made-';

export interface Room {
  /** Holds `data`; the server's user can enter it. */
  path: string;
  user: ServerUser | null;
  /** Made by this start, elsewhere than where the user asked for it. */
  movedAway: boolean;
}

/** Makes and names the folder that holds everything, free of symbolic links: Postgres shows its real path. */
export function makeHome(directory: string): string {
  const home = join(resolve(directory), 'postgres');
  // As the user's umask has it: a folder that only root could enter would send the database elsewhere.
  makeFolders(resolve(directory));
  makeFolder(home, 0o700);
  // Ours alone, but the server's user goes through it. What is above it stays as the user made it.
  if (isRoot()) chmodSync(home, lstatSync(home).mode | 0o011);
  return realpathSync(home);
}

/** Finds the place of the data folder and the user it belongs to, or chooses both. */
export async function findRoom(home: string, directory: string): Promise<Room> {
  const pointer = join(home, 'room');
  const path = existsSync(pointer) ? knownRoom(readFileSync(pointer, 'utf8').trim()) : home;
  const data = lstatSync(join(path, 'data'), { throwIfNoEntry: false });
  const user = isRoot() ? await chooseUser(data) : null;
  if (!isRoot() && data && data.uid !== process.getuid?.()) {
    throw new EmbeddedPostgresError(
      `The database in ${join(path, 'data')} belongs to another user (number ${data.uid}): ` +
        'start as that user, or set PASSBOOK_DIR to another folder.',
    );
  }
  if (user === null || (await canEnter(path, user))) return { path, user, movedAway: false };
  if (data || path !== home) {
    throw new EmbeddedPostgresError(
      `The user ${user.name}, as whom Postgres runs, cannot enter ${path}, where the database is: ` +
        'give it the right to (chmod o+x on each folder above), or set PASSBOOK_DIR to another folder.',
    );
  }
  return { path: makeRoomAway(pointer, directory), user, movedAway: true };
}

/** Deletes what killed starts have left. What still resists has a name that nothing else uses; the next start tries again. */
export function clearHalfMade(room: string): void {
  for (const name of readdirSync(room)) {
    if (!name.startsWith(HALF_MADE)) continue;
    try {
      rmSync(join(room, name), { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
    } catch (err) {
      // An initdb that outlived its killed parent for a moment still writes there.
      if ((err as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw err;
    }
  }
}

export function makeHalfMade(room: string, user: ServerUser | null): string {
  const path = mkdtempSync(join(room, HALF_MADE));
  if (user) giveFolder(path, user);
  return path;
}

/** Gives a folder that we have made, and all in it, to the server's user. */
export function giveFolder(path: string, user: ServerUser): void {
  lchownSync(path, user.uid, user.gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveFolder(join(path, name), user);
}

/** Writes a file that is either whole or not there, and stays after a power cut. */
export function writeWhole(path: string, text: string): void {
  const half = `${path}.half-made`;
  rmSync(half, { force: true });
  const file = openSync(half, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(half, path);
  syncNames(dirname(path));
}

/** Makes the names in a folder stay after a power cut; the contents of files have their own sync. */
export function syncNames(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** One by one: of a read-only disk, mkdir's own `recursive` says that it does not exist. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  makeFolder(path);
}

function makeFolder(path: string, mode?: number): void {
  try {
    mkdirSync(path, mode);
  } catch (err) {
    // Another start may make it at this moment.
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Data that is there already is served by its owner; new data by `postgres`, or by `nobody` where that is missing. */
async function chooseUser(data: { uid: number; gid: number } | undefined): Promise<ServerUser> {
  if (data && data.uid !== 0) return { name: `number ${data.uid}`, uid: data.uid, gid: data.gid };
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([readId('-u', name), readId('-g', name)]);
    if (uid !== null && gid !== null) return { name, uid, gid };
  }
  throw new EmbeddedPostgresError(
    'Postgres refuses to run as root, and this system has neither a user "postgres" nor "nobody": ' +
      'start as another user, or set DATABASE_URL to a Postgres of your own.',
  );
}

async function readId(option: '-u' | '-g', name: string): Promise<number | null> {
  const { code, output } = await runProgram('id', [option, name], {
    user: null,
    deadlineMs: LOOK_DEADLINE_MS,
  });
  return code === 0 && /^\d+\s*$/.test(output) && Number(output) > 0 ? Number(output) : null;
}

async function canEnter(path: string, user: ServerUser): Promise<boolean> {
  const { code } = await runProgram('/bin/sh', ['-c', 'cd -- "$1"', 'sh', path], {
    user,
    deadlineMs: LOOK_DEADLINE_MS,
  });
  return code === 0;
}

/** The random part makes it a folder that nobody can have made before us, in a place where everybody may write. */
function makeRoomAway(pointer: string, directory: string): string {
  const hash = createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 12);
  const path = realpathSync(mkdtempSync(`/var/tmp/passbook-${hash}-`));
  chmodSync(path, 0o711);
  writeWhole(pointer, path);
  return path;
}

function knownRoom(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) {
    throw new EmbeddedPostgresError(
      `The database was kept in ${path}, and that folder is gone: bring it back from a backup, ` +
        'or delete PASSBOOK_DIR to begin with an empty one.',
    );
  }
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new EmbeddedPostgresError(
      `${path}, where the database is kept, is not a folder of ours alone any more: ` +
        'look who changed it, and give it back (owner as now, mode 711).',
    );
  }
  return path;
}
