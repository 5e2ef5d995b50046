import { basename, dirname, join, resolve } from 'node:path';
import { listUnattendedImports, type Drop } from '@passbook/imports';
import { makeSemaphore, startPeriodic, type Periodic } from '@passbook/runtime';
import { acceptFile, type AcceptParts } from './accept-file.js';
import { carryImport, type CarryParts } from './carry-import.js';
import { cleanClaimed } from './clean-claimed.js';
import { FileChangedError } from './copy-file.js';
import { prepareFolders } from './folders.js';
import { watchFolder, type FolderWatch } from './watch-folder.js';

/*
 * The chunker: imports/ → chunks on the bus → the file moves to processed/.
 * A file that is whole is accepted (accept-file.ts), then its import is carried to its end (carry-import.ts). A sweep
 * takes over the imports that nobody attends: those of a chunker that died.
 */

const SWEEP_EVERY_MS = 10_000;

/** Imports that are carried at once; the others wait in imports/. */
const IMPORTS_AT_ONCE = 16;

/** Files that are read at once: a small one need not wait for a large one, and memory stays that of two windows. */
const READERS_AT_ONCE = 2;

export interface ChunkerParts extends AcceptParts, Omit<CarryParts, 'readInTurn'> {
  fileStableMs: number;
  /** Told when something failed that is tried again. */
  onFailure: (err: unknown) => void;
}

export interface Chunker {
  /** Watches imports/, and attends to what other runs left open. */
  watch(): void;
  /**
   * Imports one file that was named by the user, to its end. A file inside imports/ counts as dropped; any other stays.
   * @returns its drop, as it was accepted
   * @throws what kept the file from its end
   */
  importFile(path: string): Promise<Drop>;
  /** Breaks off at the next safe point: all of it goes on at the next start. May be called twice. */
  stop(): Promise<void>;
}

/** @throws UserError when a folder cannot be used */
export async function startChunker(parts: ChunkerParts): Promise<Chunker> {
  await prepareFolders(parts.folders);
  const stopping = new AbortController();
  const carry = makeCarrier({ ...parts, readInTurn: makeSemaphore(READERS_AT_ONCE) }, stopping.signal);
  const inTurn = makeSemaphore(IMPORTS_AT_ONCE);
  const tasks = new Set<Promise<void>>();
  const run = (task: () => Promise<void>): void => {
    const running = inTurn(async () => {
      if (!stopping.signal.aborted) await task();
    })
      .catch(parts.onFailure)
      .finally(() => tasks.delete(running));
    tasks.add(running);
  };
  let watch: FolderWatch | undefined;
  let sweep: Periodic | undefined;

  const importDropped = async (name: string): Promise<void> => {
    try {
      const path = join(parts.folders.imports, name);
      const drop = await acceptFile(parts, { path, dropPath: name, fileName: name, stays: false });
      await carry(drop.importNo);
    } catch (err) {
      watch?.forget(name);
      // Gone, or still growing: the watch sees it when it is there again, and whole.
      if (err instanceof FileChangedError || (err as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw err;
    }
  };
  const sweepOnce = async (): Promise<void> => {
    await cleanClaimed(parts.database, parts.folders);
    for (const importNo of await listUnattendedImports(parts.database)) run(() => carry(importNo));
  };
  return {
    watch() {
      sweep = startPeriodic(sweepOnce, { everyMs: SWEEP_EVERY_MS, onFailure: parts.onFailure });
      watch = watchFolder({
        folder: parts.folders.imports,
        stableMs: parts.fileStableMs,
        onFile: (name) => run(() => importDropped(name)),
        onFailure: parts.onFailure,
      });
    },
    async importFile(path) {
      const absolute = resolve(path);
      const isDropped = dirname(absolute) === parts.folders.imports;
      const fileName = basename(absolute);
      const dropPath = isDropped ? fileName : absolute;
      const drop = await acceptFile(parts, { path: absolute, dropPath, fileName, stays: !isDropped });
      await carry(drop.importNo);
      return drop;
    },
    async stop() {
      stopping.abort();
      await Promise.all([watch?.stop(), sweep?.stop()]);
      await Promise.all(tasks);
    },
  };
}

/** One import is carried once at a time in this process: who comes second waits, and looks whether something is left. */
function makeCarrier(parts: CarryParts, signal: AbortSignal): (importNo: number) => Promise<void> {
  const carried = new Map<number, Promise<void>>();
  return async (importNo) => {
    const running = carried.get(importNo);
    if (running) await running.catch(() => {});
    const own = carryImport(parts, importNo, signal).finally(() => {
      if (carried.get(importNo) === own) carried.delete(importNo);
    });
    carried.set(importNo, own);
    await own;
  };
}
