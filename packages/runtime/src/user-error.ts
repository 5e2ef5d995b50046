/**
 * Something the user can mend: a setting, a folder, a port. It is shown as one sentence, never with a stack.
 * Exit codes: 1 the run failed, 2 usage or configuration.
 */
export class UserError extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, options: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.exitCode = options.exitCode ?? 1;
  }
}

/** What the operating system says a user can mend, by error code. */
const mendable: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'something else has that name',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
};

/** The reason of a failed file operation in plain words, or null when the error is not one that a user can mend. */
export function explainFileError(err: unknown): string | null {
  const code = (err as NodeJS.ErrnoException | null)?.code;
  return (code !== undefined && mendable[code]) || null;
}

/** Runs `work` on a file. An error of the operating system that names no file (that of a write) is given this one. */
export async function namingFile<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    if (explainFileError(err) !== null) (err as NodeJS.ErrnoException).path ??= path;
    throw err;
  }
}
