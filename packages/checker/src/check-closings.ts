import { nameAccount, type Account, type LoadedFile } from './book.js';
import type { Findings } from './findings.js';

/** What a statement closes with. */
export interface Closing {
  file: LoadedFile;
  /** In cents. */
  closing: bigint;
  place: string;
}

/**
 * Closing balances of one account, over all its statements.
 *
 * Whoever posted the last rows of an account completed its import then or later: so one statement at least closes with the
 * balance. Of two imports that were under way at once nobody can tell how much of the other a statement has; but an import
 * that met no other one has all of those before it, and none of those after.
 */
export function checkClosings(findings: Findings, all: Map<Account, readonly Closing[]>): void {
  for (const [account, closings] of all) {
    // A statement that could not be read is told of already.
    if (closings.length < account.byImport.size) continue;
    if (!closings.some(({ closing }) => closing === account.balance))
      findings.add('statements', `none of the ${nameAccount(account)} closes with its balance`);
    for (const one of closings) checkOne(findings, account, one);
  }
}

function checkOne(findings: Findings, account: Account, { file, closing, place }: Closing): void {
  let expected = 0n;
  for (const [other, sums] of account.byImport) {
    const isBefore = other.record.loadedAt < file.record.startedAt;
    const isAfter = other.record.startedAt > file.record.loadedAt;
    if (other !== file && !isBefore && !isAfter) return;
    if (!isAfter) expected += sums.credits + sums.debits;
  }
  if (closing !== expected)
    findings.add(
      'statements',
      `${place} (${nameAccount(account)}) does not close with what was posted until then`,
    );
}
