import { statementFormats } from './statement-formats.js';
import type { StatementFigures } from './statement-figures.js';
import type { Differences } from './verify-differences.js';

/** Holds a page to the one that the ledger gives with the same template: what a reader sees, line by line. */
export function comparePages(file: string, ledger: string, differences: Differences): void {
  const [seen, wanted] = [readLines(file), readLines(ledger)];
  const onlyInFile = without(seen, wanted);
  const onlyInLedger = without(wanted, seen);
  // As many of the one as of the other: each has become the next.
  if (onlyInFile.length === onlyInLedger.length)
    onlyInFile.forEach((line, at) =>
      differences.compare(nameLine(onlyInLedger[at]!), line, onlyInLedger[at]!),
    );
  else {
    for (const line of onlyInLedger) differences.compare(nameLine(line), null, line);
    for (const line of onlyInFile) differences.compare(nameLine(line), line, null);
  }
}

/** Looks for the balances and totals on a page of another template, of which no more can be told. */
export function findFigures(file: string, figures: StatementFigures, differences: Differences): void {
  const { money } = statementFormats(figures.locale, figures.account.currency);
  const text = readLines(file).join('\n');
  const totals = {
    openingBalance: figures.openingMinor,
    closingBalance: figures.closingMinor,
    totalCredits: figures.totalCreditsMinor,
    totalDebits: figures.totalDebitsMinor,
  };
  for (const [name, minor] of Object.entries(totals)) {
    const amount = collapse(money(minor));
    differences.compare(name, text.includes(amount) ? amount : null, amount);
  }
}

/** The text of a page: a row of a table is a line, its cells are set apart by `|`. */
function readLines(html: string): string[] {
  return html
    .replace(/<style>[^]*?<\/style>/g, '')
    .replace(/\s+/g, ' ')
    .replace(/<\/(?:tr|div|p|h1|h2|caption|figcaption|title|section|footer)>/g, '\n')
    .replace(/<\/(?:td|th|dt|dd)>/g, ' | ')
    .replace(/<[^>]*>/g, '')
    .split('\n')
    .map((line) => collapse(line).replace(/[ |]+$/, ''))
    .filter((line) => line !== '');
}

const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The lines of one that the other has not, or not so often. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
}

/** Its first cell says what a row is about. */
const nameLine = (line: string): string => `page: ${line.split(' | ')[0]!.slice(0, 60)}`;
