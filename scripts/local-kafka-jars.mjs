// The jars of Kafka, fetched once by Maven and kept outside the tree. A folder of the cache is filled under another
// name and renamed when it is whole: a fetch that was killed is never used, and of two at once the second one's is
// thrown away.
import { execFile, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** 50 MB: a line that takes longer than this is better told to fetch by hand. */
const FETCH_TIMEOUT_MS = 10 * 60 * 1000;
/** A fetch is over by then, one way or the other; what is older was left behind by a kill. */
const LEFTOVER_AGE_MS = 2 * FETCH_TIMEOUT_MS;
/** Kafka 4 needs it. */
const JAVA_VERSION_MIN = 17;

/** Kafka brings only the interface of its log; this writes it to stderr. */
const LOG_WRITER = { groupId: 'org.slf4j', artifactId: 'slf4j-simple', version: '1.7.36' };

/** Jars by Maven need a POSIX system, since the guard of the broker is a shell. */
export function isJavaThere() {
  if (process.platform === 'win32') return false;
  const { status, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = /version "(\d+)/.exec(stderr ?? '');
  return status === 0 && version !== null && Number(version[1]) >= JAVA_VERSION_MIN;
}

export function isMavenThere() {
  return hasCommand('mvn');
}

/** Some packages of Java leave out the tool that makes keys. */
export function isKeytoolThere() {
  return hasCommand('keytool');
}

/** The folder of the jars if it was filled before, else null. */
export function findCachedJars(version) {
  const folder = jarsFolder(version);
  return existsSync(folder) ? folder : null;
}

/** The folder of the jars, filled if it is not. @throws with what Maven said when they cannot be fetched */
export async function fetchJars(version, notify) {
  const folder = jarsFolder(version);
  if (existsSync(folder)) return folder;
  const cache = makeCacheFolder();
  removeLeftovers(cache);
  notify(`Fetching Kafka ${version} (once, about 50 MB) …`);
  const partial = mkdtempSync(join(cache, `partial-kafka-${version}-`));
  try {
    await fillFolder(partial, version);
    renameSync(join(partial, 'jars'), folder);
  } catch (err) {
    // Another run was faster.
    if (!existsSync(folder)) throw err;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Where the cache belongs for this environment, in order of preference: what XDG_CACHE_HOME says, the home's `.cache`,
 * and for a user without a home a folder of theirs among the temporary files.
 */
export function listCacheFolders({ env, home, temporary, user }) {
  // The specification of XDG_CACHE_HOME has a relative path ignored.
  const xdg = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? [env.XDG_CACHE_HOME] : [];
  const below = xdg.length > 0 ? xdg : home ? [join(home, '.cache')] : [];
  return [...below.map((folder) => join(folder, 'passbook')), join(temporary, `passbook-cache-${user}`)];
}

function hasCommand(name) {
  return spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
}

function jarsFolder(version) {
  return join(makeCacheFolder(), `kafka-${version}`);
}

function makeCacheFolder() {
  const user = process.getuid?.() ?? 'user';
  const folders = listCacheFolders({ env: process.env, home: homedir(), temporary: tmpdir(), user });
  const usable = folders.find(canFill);
  if (usable) return usable;
  throw new Error(`None of these folders can be written, to keep Kafka's jars in: ${folders.join(', ')}.`);
}

function canFill(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    // Jars that someone else put among the temporary files are not run.
    return process.getuid === undefined || statSync(folder).uid === process.getuid();
  } catch {
    return false;
  }
}

function removeLeftovers(cache) {
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith('partial-'))) {
    const path = join(cache, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > LEFTOVER_AGE_MS) rmSync(path, { recursive: true, force: true });
  }
}

async function fillFolder(partial, version) {
  writeFileSync(join(partial, 'pom.xml'), pom(version));
  const args = ['-q', '-B', '-f', join(partial, 'pom.xml'), 'dependency:copy-dependencies'];
  args.push(`-DoutputDirectory=${join(partial, 'jars')}`);
  if (!hasHome()) args.push(`-Dmaven.repo.local=${join(partial, 'repository')}`);
  try {
    await exec('mvn', args, { timeout: FETCH_TIMEOUT_MS });
  } catch (err) {
    const said = `${err.stdout ?? ''}${err.stderr ?? ''}` || err.message;
    throw new Error(`Maven could not fetch Kafka ${version}:\n${said}`, { cause: err });
  }
}

/** Whether Maven can keep its repository where it wants to: the home that the system knows, whatever HOME says. */
function hasHome() {
  try {
    accessSync(userInfo().homedir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function pom(version) {
  const kafka = { groupId: 'org.apache.kafka', artifactId: 'kafka_2.13', version };
  const dependencies = [kafka, LOG_WRITER].map(
    (one) =>
      `<dependency><groupId>${one.groupId}</groupId><artifactId>${one.artifactId}</artifactId>` +
      `<version>${one.version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>passbook</groupId><artifactId>local-kafka</artifactId><version>1</version>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`;
}
