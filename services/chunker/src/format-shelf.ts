import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readFormats, type Format } from '@passbook/feeds';
import { UserError, type Logger } from '@passbook/runtime';

/** The formats of a folder, which may be edited at any time. */
export interface FormatShelf {
  /** The formats as they are now. While one of them has faults, as they were before; the log says which. */
  read(): Promise<readonly Format[]>;
}

/** @throws UserError when a format has faults */
export async function openFormatShelf(folder: string, log: Logger): Promise<FormatShelf> {
  let signature = await sign(folder);
  let formats: readonly Format[] = await readFormats(folder);
  return {
    async read() {
      const now = await sign(folder);
      if (now === signature) return formats;
      try {
        formats = await readFormats(folder);
        log.info({ formats: formats.length }, 'formats read again');
      } catch (err) {
        if (!(err instanceof UserError)) throw err;
        log.error({ reason: err.message }, 'a format has faults: those read before stay in use');
      }
      // Not before: what could not be read is read again.
      signature = now;
      return formats;
    },
  };
}

/** Names, sizes and times of all files: another text when anything was edited. */
async function sign(folder: string): Promise<string> {
  const names = await readdir(folder).catch((err: unknown) => {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw err;
  });
  const parts = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name), { bigint: true }).catch(() => null);
      return `${name} ${found?.size} ${found?.mtimeNs}`;
    }),
  );
  return parts.sort().join('\n');
}
