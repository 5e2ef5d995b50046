import { setMaxListeners } from 'node:events';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listReleased, readDrop, type Drop } from '@passbook/imports';
import { makeSemaphore, startPeriodic, type Periodic } from '@passbook/runtime';
import { acceptFile, HeldError, type AcceptParts } from './accept-file.js';
import { carryImport, type CarryParts } from './carry-import.js';
import { beforeItGoes, FileChangedError } from './copy-file.js';
import { prepareFolders } from './folders.js';
import { makeSweep, SWEEP_EVERY_MS } from './sweep-imports.js';
import { watchFolder, type FolderWatch } from './watch-folder.js';

/*
 * The chunker: imports/ → chunks on the bus → the file moves to processed/.
 * A file that is whole is accepted (accept-file.ts), then its import is carried to its end (carry-import.ts). A sweep
 * takes over the imports that nobody attends: those of a chunker that died.
 */

/** Imports that are carried at once; the others wait in imports/. */
const IMPORTS_AT_ONCE = 16;

/** Files that are read at once: a small one need not wait for a large one, and memory stays that of two windows. */
const READERS_AT_ONCE = 2;

export interface ChunkerParts extends Omit<AcceptParts, 'readInTurn'>, Omit<CarryParts, 'readInTurn'> {
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
  // Every task listens to it: there may be many at once.
  setMaxListeners(0, stopping.signal);
  const readInTurn = makeSemaphore(READERS_AT_ONCE);
  const carry = makeCarrier({ ...parts, readInTurn }, stopping.signal);
  const accept = (path: string, stays: boolean): Promise<Drop> =>
    acceptFile({ ...parts, readInTurn }, { path, stays }, stopping.signal);
  const inTurn = makeSemaphore(IMPORTS_AT_ONCE);
  const tasks = makeTaskList();
  const run = (task: () => Promise<void>): void => {
    const turn = inTurn(async () => {
      if (!stopping.signal.aborted) await task();
    });
    const told = turn.catch((err: unknown) => {
      // What we broke off ourselves goes on at the next start.
      if (!stopping.signal.aborted) parts.onFailure(err);
    });
    void tasks.track(told);
  };
  let watch: FolderWatch | undefined;
  let sweeping: Periodic | undefined;
  const held = makeHeldFiles(parts);

  const importDropped = async (name: string): Promise<void> => {
    let drop: Drop;
    try {
      drop = await accept(join(parts.folders.imports, name), false);
    } catch (err) {
      if (err instanceof HeldError) return held.add(name, err);
      // One that we may not read is tried again, after ever longer pauses.
      if (isUnreadable(err)) watch?.putOff(name);
      // The watch hands it on again when it is there, and whole.
      else watch?.forget(name);
      if (err instanceof FileChangedError || (err as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw err;
    }
    // Should this fail, the sweep goes on with it.
    await carry(drop.importNo);
    // What has that name now was dropped while we were busy with the first.
    if ((await readDrop(parts.database, drop.no)).state === 'done') watch?.forget(name);
  };
  const importNamed = async (named: string): Promise<Drop> => {
    const path = await beforeItGoes(named, realpath(named));
    const stays = dirname(path) !== (await realpath(parts.folders.imports));
    const drop = await accept(path, stays);
    await carry(drop.importNo);
    return drop;
  };
  const sweep = makeSweep(parts, carry, run);
  const sweepOnce = async (): Promise<void> => {
    for (const name of await held.takeThoseToTry()) watch?.forget(name);
    await sweep();
  };
  return {
    watch() {
      sweeping = startPeriodic(sweepOnce, { everyMs: SWEEP_EVERY_MS, onFailure: parts.onFailure });
      watch = watchFolder({
        folder: parts.folders.imports,
        stableMs: parts.fileStableMs,
        onFile: (name) => run(() => importDropped(name)),
        onFailure: parts.onFailure,
      });
    },
    importFile: (path) => tasks.track(importNamed(path)),
    async stop() {
      stopping.abort();
      await Promise.all([watch?.stop(), sweeping?.stop()]);
      await tasks.settled();
    },
  };
}

/** Files that are held: they stay where they are, and are looked at again when a format was edited, or a person let them in. */
function makeHeldFiles({ database, formats, log }: Pick<ChunkerParts, 'database' | 'formats' | 'log'>): {
  add(name: string, err: HeldError): void;
  takeThoseToTry(): Promise<string[]>;
} {
  const files = new Map<string, HeldError>();
  return {
    add(name, err) {
      files.set(name, err);
      log.warn({ file: name, ...err.hold }, 'file held');
    },
    async takeThoseToTry() {
      if (files.size === 0) return [];
      const now = await formats.read();
      const released = await listReleased(
        database,
        [...files.values()].map(({ importId }) => importId),
      );
      const names = [...files].flatMap(([name, err]) =>
        err.formats === now && !released.has(err.importId) ? [] : [name],
      );
      for (const name of names) files.delete(name);
      return names;
    },
  };
}

/** Whether the system keeps us from the dropped file itself. */
function isUnreadable(err: unknown): boolean {
  return ['EACCES', 'EPERM', 'EIO'].includes((err as NodeJS.ErrnoException).code ?? '');
}

/** Tasks that `stop` waits for. */
function makeTaskList(): { track<T>(task: Promise<T>): Promise<T>; settled(): Promise<unknown> } {
  const running = new Set<Promise<unknown>>();
  return {
    async track(task) {
      running.add(task);
      try {
        return await task;
      } finally {
        running.delete(task);
      }
    },
    settled: () => Promise.allSettled(running),
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
