import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '@passbook/runtime';

/**
 * Reads the JSON files of a folder, in the order of their names; none when there is no such folder.
 * @param parse takes the name of a file without `.json`, and its text
 * @throws UserError that lists the faults of all of them
 */
export async function readJsonFolder<One>(
  folder: string,
  isMeant: (file: string) => boolean,
  parse: (name: string, json: string) => One,
): Promise<One[]> {
  const read: One[] = [];
  const faults: string[] = [];
  for (const file of await listFiles(folder, isMeant)) {
    try {
      read.push(parse(basename(file, '.json'), await readFile(join(folder, file), 'utf8')));
    } catch (err) {
      if (!(err instanceof UserError)) throw err;
      faults.push(err.message);
    }
  }
  if (faults.length > 0) throw new UserError(faults.join('\n'), { exitCode: 2 });
  return read;
}

async function listFiles(folder: string, isMeant: (file: string) => boolean): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files.filter((file) => file.endsWith('.json') && !file.startsWith('.') && isMeant(file)).sort();
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw err;
  }
}
