import { watch, type FSWatcher } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isIgnoredName } from '@passbook/imports';
import { startPeriodic, type Periodic } from '@passbook/runtime';

/*
 * A file is there when its size and time of change have not moved for `stableMs`, seen at two looks that far apart; five
 * times that if it was seen to grow, or if its last record has no line end: then somebody may only be pausing.
 * Bind mounts lose events, so the folder is also looked at four times a second.
 */

const LOOK_EVERY_MS = 250;
const PATIENCE = 5;

interface Sighting {
  signature: string;
  size: bigint;
  sinceMs: number;
  /** It has changed while we watched. */
  grew: boolean;
  endsInLine: boolean;
  /** Handed on: not again until it changes. */
  taken: boolean;
}

export interface FolderWatch {
  /** Forgets a file, so that it is handed on again when it is still there. */
  forget(name: string): void;
  stop(): Promise<void>;
}

/** Hands on each file of the folder once it is whole. Folders, links and special files are ignored. */
export function watchFolder(options: {
  folder: string;
  stableMs: number;
  onFile: (name: string) => void;
  onFailure: (err: unknown) => void;
}): FolderWatch {
  const { folder, stableMs, onFile } = options;
  const sightings = new Map<string, Sighting>();
  const look = async (): Promise<void> => {
    const names = (await readdir(folder)).filter((name) => !isIgnoredName(name));
    const present = new Set(names);
    for (const name of sightings.keys()) if (!present.has(name)) sightings.delete(name);
    for (const name of names) {
      const sighting = await sight(join(folder, name), sightings.get(name));
      if (!sighting) {
        sightings.delete(name);
        continue;
      }
      sightings.set(name, sighting);
      // One look longer than told: a writer that pauses for just that time goes on within it.
      const neededMs =
        (sighting.grew || !sighting.endsInLine ? stableMs * PATIENCE : stableMs) + LOOK_EVERY_MS;
      if (sighting.taken || performance.now() - sighting.sinceMs < neededMs) continue;
      sighting.taken = true;
      onFile(name);
    }
  };
  const periodic = startPeriodic(look, { everyMs: LOOK_EVERY_MS, onFailure: options.onFailure });
  const watcher = watchEvents(folder, periodic);
  return {
    forget: (name) => sightings.delete(name),
    async stop() {
      watcher?.close();
      await periodic.stop();
    },
  };
}

/** What is seen of a file now; null when it is none that we import. */
async function sight(path: string, before: Sighting | undefined): Promise<Sighting | null> {
  const found = await lstat(path, { bigint: true }).catch(() => null);
  if (!found?.isFile()) return null;
  const signature = `${found.ino} ${found.size} ${found.mtimeNs}`;
  if (before?.signature === signature) return before;
  return {
    signature,
    size: found.size,
    sinceMs: performance.now(),
    grew: before !== undefined,
    endsInLine: await endsInLine(path, found.size),
    taken: false,
  };
}

async function endsInLine(path: string, size: bigint): Promise<boolean> {
  if (size === 0n) return false;
  try {
    const file = await open(path);
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
