import { checkDrops } from './check-drops.js';
import { checkExceptions } from './check-exceptions.js';
import { checkCounters, checkSums, tallyFiles, type Tally } from './check-figures.js';
import { checkFolders } from './check-folders.js';
import type { CheckInput, Figures, Verdict } from './check-input.js';
import { checkAccounts, checkLedger } from './check-ledger.js';
import { checkLeftOvers } from './check-left-overs.js';
import { checkReceipts } from './check-receipts.js';
import { checkReports } from './check-reports.js';
import { checkRowsFile } from './check-rows-file.js';
import { checkSecrets } from './check-secrets.js';
import { makeFindings } from './findings.js';
import { hashLedger } from './hash-ledger.js';
import { readBook, readContents } from './read-book.js';
import { openView, readDrops, readImports } from './read-database.js';
import { makeNumberSearch } from './search-numbers.js';

/**
 * Judges what a run left, from the files that were dropped, the database, the folders and the texts alone: everything is
 * computed anew. All processes must have ended, and every drop should be done; what is not is a finding, never an error.
 * @throws when a file that was kept, a folder or the database cannot be read
 */
export async function checkRun(input: CheckInput): Promise<Verdict> {
  const findings = makeFindings();
  const numbers = makeNumberSearch();
  const view = await openView(input.databaseUrl);
  try {
    const imports = await readImports(view);
    const drops = await readDrops(view);
    const contents = readContents(input);
    checkDrops(findings, contents, imports, drops);
    const book = readBook(input, contents, imports, drops, numbers);
    await checkAccounts(findings, book, view);
    await checkLedger(findings, book, view);
    await checkExceptions(findings, book, view);
    const tallies = tallyFiles(book);
    await checkCounters(findings, view, imports, tallies);
    await checkSums(findings, book, view);
    const settled = await checkFolders(findings, input, book, imports, drops);
    checkReceipts(findings, settled, drops, tallies);
    for (const { file, path } of settled.rowsFiles) checkRowsFile(findings, file, path);
    const statements = await checkReports(findings, book, view, numbers, input.folders.reports);
    await checkSecrets(findings, input, view, settled, numbers);
    await checkLeftOvers(findings, view, imports);
    return {
      findings: findings.list(),
      ledgerHash: hashLedger(book),
      figures: {
        filesDropped: input.dropped.length,
        imports: imports.length,
        refused: imports.filter((one) => one.state === 'refused').length,
        accounts: book.accounts.size,
        ...addTallies([...tallies.values()]),
        statements,
        charactersSearched: numbers.charactersSearched(),
      },
    };
  } finally {
    await view.close();
  }
}

type RowFigures = Pick<Figures, 'rowsRead' | 'rowsPosted' | 'rowsDuplicate' | 'rowsQuarantined'>;

function addTallies(tallies: readonly Tally[]): RowFigures {
  const total = (count: (tally: Tally) => number): number =>
    tallies.reduce((sum, tally) => sum + count(tally), 0);
  return {
    rowsRead: total((tally) => tally.read),
    rowsPosted: total((tally) => tally.posted),
    rowsDuplicate: total((tally) => tally.duplicate),
    rowsQuarantined: total((tally) => tally.invalid + tally.conflict),
  };
}
