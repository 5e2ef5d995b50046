import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '@passbook/runtime';
import { parseFormat, type Format } from './format.js';

/** Files beside a format that show what it does: they are no formats themselves. */
const notAFormat = /\.(expected|sample)\.json$/;

/**
 * Reads the formats of a folder, in the order of their names; none when there is no such folder.
 * @throws UserError that lists the faults of all of them
 */
export async function readFormats(folder: string): Promise<Format[]> {
  const names = await listFormats(folder);
  const formats: Format[] = [];
  const faults: string[] = [];
  for (const name of names) {
    try {
      formats.push(parseFormat(name, await readFile(join(folder, `${name}.json`), 'utf8')));
    } catch (err) {
      if (!(err instanceof UserError)) throw err;
      faults.push(err.message);
    }
  }
  if (faults.length > 0) throw new UserError(faults.join('\n'), { exitCode: 2 });
  return formats;
}

/** The names of the formats of a folder. */
async function listFormats(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files
      .filter((file) => file.endsWith('.json') && !notAFormat.test(file) && !file.startsWith('.'))
      .map((file) => basename(file, '.json'))
      .sort();
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw err;
  }
}
