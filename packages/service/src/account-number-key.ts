import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, UserError } from '@passbook/runtime';

const KEY_FILE = 'account-number.key';

/** A key that was kept is never shorter: such a file is not one of ours, or was cut. */
const KEY_CHARS_MIN = 16;

/**
 * The key of the hash that account numbers become: the one that is given, or one that is made on the first run and kept
 * beside the data. Of two first runs at once, one makes it and both use it: it takes its name whole, by `link`.
 * @throws UserError when the file that should have it has none
 */
export async function obtainAccountNumberKey(given: string | undefined, directory: string): Promise<string> {
  if (given !== undefined) return given;
  const path = join(directory, KEY_FILE);
  await mkdir(directory, { recursive: true });
  if (!(await isThere(path))) await makeKey(path);
  const key = (await readFile(path, 'utf8')).trim();
  if (key.length >= KEY_CHARS_MIN) return key;
  throw new UserError(
    `${path} does not hold the key of account numbers any more. Put the former one back (from a backup), or set ACCOUNT_NUMBER_KEY.`,
  );
}

async function makeKey(path: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(32).toString('hex'));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
    // The database is about to hold to this key: it must not be gone after a power cut.
    await syncFolder(dirname(path));
  } catch (err) {
    // Another has made it meanwhile.
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** What the database remembers of the key: enough to see that it is another one, not enough to find it. */
export function digestKey(key: string): string {
  return createHash('sha256').update(`passbook account number key\n${key}`).digest('hex');
}
