import { isUtf8 } from 'node:buffer';
import { constants, watch, type FSWatcher } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isIgnoredName } from '@passbook/imports';
import { startPeriodic, UserError, type Periodic } from '@passbook/runtime';
import { makePatience } from './patience.js';

/*
 * A file is there when its size and time of change have not moved for `stableMs`, seen at two looks that far apart; five
 * times that if it was seen to grow, or if its last record has no line end: then somebody may only be pausing.
 * Bind mounts lose events, so the folder is also looked at four times a second.
 *
 * The folder is read as bytes: a name need not be UTF-8. Such a file is not taken, for no other program could name what
 * becomes of it; it is told what to do.
 */

const LOOK_EVERY_MS = 250;
const PATIENCE = 5;

/** A file that cannot be taken is told at once, then after this pause, and after ever longer ones. */
const FIRST_PAUSE_MS = 10_000;

interface Sighting {
  /** Another one when its content or its permissions are others. */
  signature: string;
  /** Another one when its content is. */
  content: string;
  sinceMs: number;
  /** It has changed while we watched. */
  grew: boolean;
  endsInLine: boolean;
  /** Handed on: not again until it changes. */
  taken: boolean;
  /** Put off until then. */
  notBeforeMs: number;
}

export interface FolderWatch {
  /** Forgets a file, so that it is handed on again when it is still there. */
  forget(name: string): void;
  /** Hands a file on again after a pause, a longer one each time; sooner if it changes. */
  putOff(name: string): void;
  stop(): Promise<void>;
}

/** Hands on each file of the folder once it is whole. Folders, links and special files are ignored. */
export function watchFolder(options: {
  folder: string;
  stableMs: number;
  onFile: (name: string) => void;
  onFailure: (err: unknown) => void;
  /** A clock that nobody sets, in milliseconds. */
  now?: () => number;
}): FolderWatch {
  const { folder, stableMs, onFile, now = () => performance.now() } = options;
  const sightings = new Map<string, Sighting>();
  const patience = makePatience<string>(FIRST_PAUSE_MS);
  const unnamed = makeUnnamedTeller(folder, options.onFailure);
  const look = async (): Promise<void> => {
    const entries = await readdir(folder, { encoding: 'buffer' });
    await unnamed.tell(entries.filter((entry) => !isUtf8(entry)));
    const names = entries
      .filter(isUtf8)
      .map(String)
      .filter((name) => !isIgnoredName(name));
    const present = new Set(names);
    for (const name of sightings.keys()) {
      if (present.has(name)) continue;
      sightings.delete(name);
      patience.forget(name);
    }
    for (const name of names) {
      // Before the look: if it takes long, nobody knows since when what it saw is over.
      const lookedAtMs = now();
      const before = sightings.get(name);
      const sighting = await sight(join(folder, name), before, now);
      // Forgotten while we looked: the next look sees it for the first time.
      if (sightings.get(name) !== before) continue;
      if (!sighting) {
        sightings.delete(name);
        continue;
      }
      sightings.set(name, sighting);
      // One look longer than told: a writer that pauses for just that time goes on within it.
      const neededMs =
        (sighting.grew || !sighting.endsInLine ? stableMs * PATIENCE : stableMs) + LOOK_EVERY_MS;
      if (sighting.taken || lookedAtMs < sighting.notBeforeMs) continue;
      if (lookedAtMs - sighting.sinceMs < neededMs) continue;
      sighting.taken = true;
      onFile(name);
    }
  };
  const periodic = startPeriodic(look, { everyMs: LOOK_EVERY_MS, onFailure: options.onFailure });
  const watcher = watchEvents(folder, periodic);
  return {
    forget(name) {
      sightings.delete(name);
      patience.forget(name);
    },
    putOff(name) {
      const sighting = sightings.get(name);
      if (!sighting) return;
      sighting.taken = false;
      sighting.notBeforeMs = now() + patience.fail(name);
    },
    async stop() {
      watcher?.close();
      await periodic.stop();
    },
  };
}

/** What is seen of a file now; null when it is none that we import. */
async function sight(
  path: string,
  before: Sighting | undefined,
  now: () => number,
): Promise<Sighting | null> {
  const found = await lstat(path, { bigint: true }).catch(() => null);
  if (!found?.isFile()) return null;
  const content = `${found.ino} ${found.size} ${found.mtimeNs}`;
  const signature = `${content} ${found.ctimeNs}`;
  if (before?.content === content) {
    // Who may read it has changed, perhaps: then it need not wait for its next turn.
    return before.signature === signature ? before : { ...before, signature, notBeforeMs: 0 };
  }
  return {
    signature,
    content,
    sinceMs: now(),
    grew: before !== undefined,
    endsInLine: await endsInLine(path, found.size),
    taken: false,
    notBeforeMs: 0,
  };
}

async function endsInLine(path: string, size: bigint): Promise<boolean> {
  if (size === 0n) return false;
  try {
    // Not a FIFO that has taken its place: that would wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Number(size - 1n));
      return bytesRead === 1 && (buffer[0] === 10 || buffer[0] === 13);
    } finally {
      await file.close();
    }
  } catch {
    // It cannot be read now: whoever reads it in earnest will say why.
    return true;
  }
}

/** Tells of files whose names are not UTF-8, each at once and then from time to time. */
function makeUnnamedTeller(
  folder: string,
  onFailure: (err: unknown) => void,
): { tell(entries: readonly Buffer[]): Promise<void> } {
  const patience = makePatience<string>(FIRST_PAUSE_MS);
  let told = new Set<string>();
  return {
    async tell(entries) {
      const present = new Set(entries.map((entry) => entry.toString('latin1')));
      for (const key of told) if (!present.has(key)) patience.forget(key);
      told = present;
      for (const entry of entries) {
        const key = entry.toString('latin1');
        if (patience.isTried(key) || isIgnoredName(entry.toString())) continue;
        const found = await lstat(Buffer.concat([Buffer.from(`${folder}/`), entry])).catch(() => null);
        if (!found?.isFile()) continue;
        patience.fail(key);
        onFailure(
          new UserError(
            `${folder} has a file whose name is not UTF-8, and which is not imported: ${JSON.stringify(entry.toString())}. Rename it.`,
          ),
        );
      }
    },
  };
}

/** Events only make it faster; a file system that has none is polled. */
function watchEvents(folder: string, periodic: Periodic): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, () => periodic.wake());
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
