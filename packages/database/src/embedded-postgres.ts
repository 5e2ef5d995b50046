// Postgres for those who have none, shared by all processes of one PASSBOOK_DIR: the first starts it, the others attach,
// the last to leave stops it. Attaching and leaving happen one at a time (embedded-postgres-claims.ts):
//   1. our claim in `attached`       killed after this: the claim dies with us
//   2. the cluster, if it is new     killed: half made, deleted by the next start
//   3. the server, found or launched killed: it runs on; the next start adopts it, and its last leaver stops it
//   4. the database, if it is new
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries } from './embedded-postgres-binaries.js';
import { livingClaims, placeClaim, withLock, type Claim } from './embedded-postgres-claims.js';
import { DATABASE_NAME, prepareCluster } from './embedded-postgres-cluster.js';
import { asEmbeddedPostgresError, EmbeddedPostgresError } from './embedded-postgres-error.js';
import { findRoom, makeHome, type Room } from './embedded-postgres-folders.js';
import { findPostmaster, stopPostmaster, type Postmaster } from './embedded-postgres-postmaster.js';
import { createDatabase, obtainServer, urlOf } from './embedded-postgres-server.js';

export { EmbeddedPostgresError };

export interface EmbeddedPostgres {
  /** Of the superuser, for the database `passbook`. */
  url: string;
  /** Lets go of the server; it is stopped if nobody else uses it. Resolves when that is done. May be called twice. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Absolute path of PASSBOOK_DIR. It is made if it is not there. */
  directory: string;
  /** Told one sentence when something was done that the user may wonder about. */
  notify(sentence: string): void;
  /** Settings of Postgres on top of ours; a server that runs already keeps its own. */
  settings?: Readonly<Record<string, string>>;
}

/**
 * Starts Postgres below `directory`, or attaches to the one that runs there.
 * Our own death at any moment leaves nothing to be cleaned up by hand.
 * @throws EmbeddedPostgresError for what the user can mend
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  let home = options.directory;
  try {
    home = makeHome(options.directory);
    const attached = await withLock(join(home, 'lock'), () => attach(home, options));
    let stopped: Promise<void> | undefined;
    return { url: attached.url, stop: () => (stopped ??= leave(home, attached)) };
  } catch (err) {
    throw asEmbeddedPostgresError(err, home);
  }
}

interface Attached {
  url: string;
  claim: Claim;
  data: string;
  postmaster: Postmaster;
}

async function attach(home: string, options: EmbeddedPostgresOptions): Promise<Attached> {
  const settings = options.settings ?? {};
  const room = await findRoom(home, options.directory);
  const data = join(room.path, 'data');
  const claim = placeClaim(join(home, 'attached'));
  try {
    const binaries = await findBinaries(room.path, room.user);
    const password = await prepareCluster(home, room, binaries, { durable: settings['fsync'] !== 'off' });
    const { user } = room;
    const log = join(home, 'log');
    const postmaster = await obtainServer({
      postgres: binaries.postgres,
      data,
      log,
      user,
      password,
      settings,
    });
    await createDatabase(postmaster, password);
    if (room.movedAway || binaries.copied) options.notify(tellPlace(room, binaries.copied));
    return { url: urlOf(postmaster, password, DATABASE_NAME), claim, data, postmaster };
  } catch (err) {
    await detach(home, claim, data);
    throw err;
  }
}

async function leave(home: string, attached: Attached): Promise<void> {
  try {
    // Somebody deleted the whole folder: no claim and no pid file is left to go by, only what we remember.
    if (!existsSync(home)) return await stopPostmaster(attached.postmaster);
    await withLock(join(home, 'lock'), () => detach(home, attached.claim, attached.data));
  } catch (err) {
    throw asEmbeddedPostgresError(err, home);
  }
}

/** Under the lock. The server is looked for again: another process may have started a new one since. */
async function detach(home: string, claim: Claim, data: string): Promise<void> {
  claim.remove();
  if (livingClaims(join(home, 'attached')).length > 0) return;
  const postmaster = findPostmaster(data);
  if (postmaster) await stopPostmaster(postmaster);
}

function tellPlace(room: Room, copied: boolean): string {
  const user = room.user ? `the user ${room.user.name}` : 'its user';
  if (!room.movedAway)
    return `The binaries of Postgres were copied to ${room.path}, where ${user} can run them.`;
  return (
    `Postgres runs as ${user}, who cannot enter PASSBOOK_DIR: ` +
    `the database ${copied ? 'and a copy of the binaries are' : 'is'} kept in ${room.path}.`
  );
}
