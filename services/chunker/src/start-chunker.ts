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
  const tasks = new Set<Promise<unknown>>();
  const track = async <T>(task: Promise<T>): Promise<T> => {
    tasks.add(task);
    try {
      return await task;
    } finally {
      tasks.delete(task);
    }
  };
  const run = (task: () => Promise<void>): void => {
    const turn = inTurn(async () => {
      if (!stopping.signal.aborted) await task();
    });
    const told = turn.catch((err: unknown) => {
      // What we broke off ourselves goes on at the next start.
      if (!stopping.signal.aborted) parts.onFailure(err);
    });
    void track(told);
  };
  let watch: FolderWatch | undefined;
  let sweep: Periodic | undefined;

  const importDropped = async (name: string): Promise<void> => {
    const path = join(parts.folders.imports, name);
    let drop: Drop;
    try {
      drop = await acceptFile(parts, { path, dropPath: name, fileName: name, stays: false }, stopping.signal);
    } catch (err) {
      // The watch hands it on again when it is there, and whole.
      watch?.forget(name);
      if (err instanceof FileChangedError || (err as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw err;
    }
    // Should this fail, the sweep goes on with it.
    await carry(drop.importNo);
  };
  const importNamed = async (path: string): Promise<Drop> => {
    const absolute = resolve(path);
    const isDropped = dirname(absolute) === parts.folders.imports;
    const fileName = basename(absolute);
    const dropPath = isDropped ? fileName : absolute;
    const file = { path: absolute, dropPath, fileName, stays: !isDropped };
    const drop = await acceptFile(parts, file, stopping.signal);
    await carry(drop.importNo);
    return drop;
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
    importFile: (path) => track(importNamed(path)),
    async stop() {
      stopping.abort();
      await Promise.all([watch?.stop(), sweep?.stop()]);
      await Promise.allSettled(tasks);
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
