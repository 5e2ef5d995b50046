// Makes a fresh clone ready: installs and builds what is missing or out of date. Uses node's own modules only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fitsLock } from './fits-lock.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const installedStamp = join(root, 'node_modules', '.passbook-installed');
const builtStamp = join(root, 'node_modules', '.passbook-built');
const lock = join(root, '.preparing');

/** Another process that prepares the same folder is waited for so long. */
const LOCK_WAIT_MS = 10 * 60 * 1000;

/** Installs and builds, if that is not done for the present sources. An image that ships without sources is ready as it is. */
export async function prepare() {
  if (isReady()) return;
  await takeLock();
  try {
    if (!isInstalled()) {
      if (!isInstalledByNpm()) {
        tell('Installing packages (once, about a minute) …');
        run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
      }
      writeFileSync(installedStamp, lockDigest());
    }
    if (!isBuilt()) {
      const digest = sourcesDigest();
      tell('Building …');
      run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--build']);
      writeFileSync(builtStamp, digest);
    }
  } finally {
    rmSync(lock, { force: true });
  }
}

function isReady() {
  return isInstalled() && isBuilt();
}

function isInstalled() {
  return readStamp(installedStamp) === lockDigest();
}

/** Somebody ran `npm ci`. What npm left half done has no such file, or that of before. */
function isInstalledByNpm() {
  const installed = readStamp(join(root, 'node_modules', '.package-lock.json'));
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  try {
    return installed !== null && fitsLock(JSON.parse(lock), JSON.parse(installed));
  } catch {
    // npm was killed while it wrote that: it is to do so again.
    return false;
  }
}

function isBuilt() {
  return readStamp(builtStamp) === sourcesDigest();
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Names, sizes and times of all that is compiled: cheap, and different after any change. */
function sourcesDigest() {
  const hash = createHash('sha256');
  for (const folder of ['packages', 'services']) {
    for (const path of listSources(join(root, folder))) {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${path} ${size} ${mtimeMs}\n`);
    }
  }
  hash.update(readFileSync(join(root, 'tsconfig.base.json')));
  return hash.digest('hex');
}

function listSources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : listSources(path);
      return /(?<!\.test)\.ts$|^tsconfig\.json$|^package\.json$/.test(entry.name) ? [path] : [];
    });
}

/** One process prepares, the others wait. A lock whose process is gone is taken over. */
async function takeLock() {
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      const file = openSync(lock, 'wx');
      writeFileSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (err) {
      if (err.code !== 'EEXIST') throw err;
    }
    if (!isAlive(Number(readStamp(lock)))) rmSync(lock, { force: true });
    else if (Date.now() > deadline)
      throw new Error(
        `Another process has been preparing for ten minutes. If it hangs, end it and delete ${lock}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function isAlive(pid) {
  if (!pid) return true; // Just made, and not written yet.
  try {
    process.kill(pid, 0);
    return true;
  } catch (err) {
    return err.code === 'EPERM';
  }
}

/** What the tools print goes to stderr: stdout belongs to the command that was asked for. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    ...options,
  });
  if (result.status !== 0) {
    tell(`${command} failed.`);
    process.exit(1);
  }
}

function tell(line) {
  process.stderr.write(`${line}\n`);
}
