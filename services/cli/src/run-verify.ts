import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeFeeds, type Verification } from '@passbook/feeds';
import type { Database } from '@passbook/database';
import { explainFileError, UserError, type Logger } from '@passbook/runtime';
import type { Config } from './config.js';
import { UNKNOWN } from './find-file.js';
import { withDatabaseIfThere } from './open-house.js';
import { renderTable } from './render-table.js';

/**
 * `passbook verify FILE`: holds a statement, its page or its JSON, to the ledger, and prints what differs.
 * @returns 0 it agrees, 1 it differs, 2 it is no statement that is known here
 * @throws UserError when the file cannot be read
 */
export async function runVerify(
  path: string,
  options: { json: boolean },
  config: Config,
  log: Logger,
): Promise<number> {
  return withDatabaseIfThere(config, log, async (database) => {
    const verification = database && (await verifyFile(database, resolve(config.standsIn, path)));
    if (!verification) {
      process.stderr.write(
        `${path} is no statement of this ledger: give a file account-….html or account-….json that this installation wrote.\n`,
      );
      return UNKNOWN;
    }
    process.stdout.write(
      options.json ? `${JSON.stringify(verification, null, 2)}\n` : describeVerification(path, verification),
    );
    return agrees(verification) ? 0 : 1;
  });
}

/** @throws UserError when the file cannot be read */
export async function verifyFile(database: Database, path: string): Promise<Verification | null> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (err) {
    throw new UserError(`${path} cannot be read: ${explainFileError(err) ?? (err as Error).message}.`, {
      exitCode: 2,
      cause: err,
    });
  }
  for (const feed of makeFeeds({ accountNumberKey: null })) {
    const verification = await feed.verify(database, content);
    if (verification) return verification;
  }
  return null;
}

const agrees = ({ differenceCount, isSameBytes }: Verification): boolean =>
  differenceCount === 0 && isSameBytes !== false;

/** What a person is told. Pure. */
export function describeVerification(path: string, verification: Verification): string {
  const { importId, accountId, differences, differenceCount, isSameBytes } = verification;
  const whose = `account ${accountId} in import ${importId}`;
  if (differenceCount === 0) {
    if (isSameBytes === false)
      return `${path}: the figures of ${whose} agree with the ledger, but the file has not the bytes that were written.\n`;
    const bytes =
      isSameBytes === null
        ? 'It is of another version of the template: of a page only balances and totals were compared, and no bytes'
        : 'So do its bytes';
    return `${path}: every figure agrees with the ledger (${whose}). ${bytes}.\n`;
  }
  const table = renderTable(
    ['FIGURE', 'PLACE', 'IT SAYS', 'THE LEDGER SAYS'],
    differences.map(({ figure, place, says, ledgerSays }) => [figure, place, says ?? '–', ledgerSays ?? '–']),
    new Set(),
  );
  const more =
    differenceCount > differences.length ? `and ${differenceCount - differences.length} more\n` : '';
  const figures = differenceCount === 1 ? '1 figure differs' : `${differenceCount} figures differ`;
  return `${path}: ${figures} from the ledger (${whose}).\n${table}${more}`;
}
