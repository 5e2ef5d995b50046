import { explainFileError, UserError } from '@passbook/runtime';

/** What keeps the embedded Postgres from running and what the user can do: one sentence, or two. */
export class EmbeddedPostgresError extends UserError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
  }
}

/** Turns a failed file operation that a user can mend into such an error; gives any other error back as it is. */
export function asEmbeddedPostgresError(err: unknown, home: string): unknown {
  const reason = err instanceof UserError ? null : explainFileError(err);
  if (reason === null) return err;
  const path = (err as NodeJS.ErrnoException).path ?? home;
  return new EmbeddedPostgresError(
    `The embedded Postgres cannot use ${path}: ${reason}. Mend that, or set PASSBOOK_DIR to another folder.`,
    { cause: err },
  );
}
