import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_FILE = 'account-number.key';

/**
 * The key of the hash that account numbers become: the one that is given, or one that is made on the first run and kept
 * beside the data. By exclusive create: of two first runs at once, one makes it and both use it.
 */
export async function obtainAccountNumberKey(given: string | undefined, directory: string): Promise<string> {
  if (given !== undefined) return given;
  const path = join(directory, KEY_FILE);
  await mkdir(directory, { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(32).toString('hex'));
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
  }
  return (await readFile(path, 'utf8')).trim();
}

/** What the database remembers of the key: enough to see that it is another one, not enough to find it. */
export function digestKey(key: string): string {
  return createHash('sha256').update(`passbook account number key\n${key}`).digest('hex');
}
