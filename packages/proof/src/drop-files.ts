import { copyFile, link, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DroppedFile } from '@passbook/checker';
import type { DropStep } from './make-inputs.js';

/** Puts files into imports/, some of which it replaces or deletes while they are read. */
export interface Dropper {
  /** Begins it: a file whose name is taken waits. */
  drop(step: DropStep): void;
  /** Every file that ever lay in imports/ under a name that is taken. */
  dropped(): DroppedFile[];
  /**
   * Whether everything is dropped, and nothing is going to be replaced or deleted any more.
   * @throws when something could not be dropped
   */
  isSettled(): boolean;
}

/** @param hidden a folder on the file system of imports/, from which files get there whole */
export function makeDropper(imports: string, hidden: string): Dropper {
  const dropped: DroppedFile[] = [];
  const failures: Error[] = [];
  let underWay = 0;
  let count = 0;
  const place = async (
    name: string,
    path: string,
    mayVanish: boolean,
    take: (from: string, to: string) => Promise<void>,
  ): Promise<void> => {
    const whole = join(hidden, `whole-${count++}`);
    await copyFile(path, whole);
    dropped.push({ name, path, mayVanish });
    await take(whole, join(imports, name));
    await rm(whole, { force: true });
  };
  const dropAndChange = async ({ files, then }: DropStep): Promise<void> => {
    await Promise.all(files.map(({ name, path }) => place(name, path, then !== undefined, linkWhenFree)));
    if (!then) return;
    const { name } = files[0]!;
    await pause(then.afterMs);
    if (then.replacement !== null) await place(name, then.replacement, false, rename);
    else await rm(join(imports, name), { force: true });
  };
  return {
    drop(step) {
      underWay += 1;
      dropAndChange(step)
        .catch((err: Error) => failures.push(err))
        .finally(() => (underWay -= 1));
    },
    dropped: () => dropped,
    isSettled() {
      if (failures[0]) throw failures[0];
      return underWay === 0;
    },
  };
}

/** A person who drops a file of the same name waits until the first one is gone. */
async function linkWhenFree(from: string, to: string): Promise<void> {
  for (;;) {
    try {
      return await link(from, to);
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
    }
    await pause(200);
  }
}
