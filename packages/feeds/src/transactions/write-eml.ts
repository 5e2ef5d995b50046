import { composeMessage } from '@passbook/mail';
import type { MailFiles } from '../feed.js';
import { writeReportFile } from '../write-report-file.js';
import type { GatheredStatement } from './gather-statement.js';
import { makeLetterMaker } from './mail-letter.js';
import { addressOf, type StatementReport } from './report-figures.js';
import type { StatementTransaction } from './statement-figures.js';

/** The mail of a statement as a file, made while the rows of the statement are read for its other files. */
export interface Eml {
  add(rows: readonly StatementTransaction[]): void;
  write(gathered: GatheredStatement): Promise<void>;
}

/** @returns null where the account has no address that mail can be sent to: then there is no file */
export function beginEml(report: StatementReport, { from }: MailFiles, path: string): Eml | null {
  const address = addressOf(report);
  if (address === null) return null;
  const maker = makeLetterMaker(report, address);
  return {
    add: (rows) => maker.add(rows),
    async write(gathered) {
      await writeReportFile(path, await composeMessage(maker.letter(gathered), from));
    },
  };
}
