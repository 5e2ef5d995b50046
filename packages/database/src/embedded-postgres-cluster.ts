// A new cluster: 1. the password, 2. initdb into a half-made folder, 3. that folder gets its name `data`. Killed between 1
// and 2, the password waits for the next start; killed before 3, only garbage is left, which the next start deletes.
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './embedded-postgres-binaries.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import {
  clearHalfMade,
  makeHalfMade,
  syncNames,
  writeWhole,
  type Room,
} from './embedded-postgres-folders.js';
import { explainOutput } from './embedded-postgres-log.js';
import { runProgram } from './embedded-postgres-process.js';

/** The superuser of the cluster and the name of the database. */
export const DATABASE_NAME = 'passbook';

const INITDB_DEADLINE_MS = 120_000;

/** Makes the cluster if it is not there. @returns the password of its superuser */
export async function prepareCluster(
  home: string,
  room: Room,
  binaries: Binaries,
  options: { durable: boolean },
): Promise<string> {
  const data = join(room.path, 'data');
  clearHalfMade(room.path);
  if (existsSync(data) && readdirSync(data).length === 0) rmdirSync(data);
  const exists = existsSync(data);
  if (exists) expectVersion(data, binaries.majorVersion);
  const password = obtainPassword(join(home, 'password'), exists);
  if (!exists) await initialise(data, room, binaries, password, options.durable);
  return password;
}

function expectVersion(data: string, majorVersion: string): void {
  const file = join(data, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
  if (version === majorVersion) return;
  throw new EmbeddedPostgresError(
    version === null
      ? `${data} is not a data folder of Postgres (it has no PG_VERSION): move it away, or set PASSBOOK_DIR to another folder.`
      : `The database in ${data} was made by Postgres ${version}, and this is Postgres ${majorVersion}: ` +
          `take it over with pg_upgrade, or set PASSBOOK_DIR to another folder.`,
  );
}

function obtainPassword(file: string, clusterExists: boolean): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (clusterExists) {
    throw new EmbeddedPostgresError(
      `The password of the database, ${file}, is gone: bring the file back from a backup.`,
    );
  }
  const password = randomBytes(24).toString('hex');
  writeWhole(file, `${password}\n`);
  return password;
}

async function initialise(
  data: string,
  room: Room,
  binaries: Binaries,
  password: string,
  durable: boolean,
): Promise<void> {
  const half = makeHalfMade(room.path, room.user);
  const passwordFile = join(half, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' });
  if (room.user) chownSync(passwordFile, room.user.uid, room.user.gid);
  const { code, output } = await runProgram(
    binaries.initdb,
    [
      `--pgdata=${join(half, 'data')}`,
      `--username=${DATABASE_NAME}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    { user: room.user, deadlineMs: INITDB_DEADLINE_MS },
  );
  if (code !== 0) {
    rmSync(half, { recursive: true, force: true });
    throw new EmbeddedPostgresError(explainOutput('initdb could not make the database', output, data));
  }
  renameSync(join(half, 'data'), data);
  syncNames(room.path);
  rmSync(half, { recursive: true, force: true });
}
