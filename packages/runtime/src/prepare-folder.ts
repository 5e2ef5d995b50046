import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { explainFileError, UserError } from './user-error.js';

/** Makes a folder, if it is not there; with these permissions, less the umask. @throws UserError when it cannot be made, read or written to */
export async function prepareFolder(folder: string, permissions = 0o777): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: permissions });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (err) {
    // What is in the way may be a file of that name.
    const reason =
      (err as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is not a folder' : explainFileError(err);
    throw new UserError(`The folder ${folder} cannot be used: ${reason ?? String(err)}.`, { cause: err });
  }
}
