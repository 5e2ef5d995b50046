import { join } from 'node:path';
import type { HeldError } from '@passbook/chunker';
import { nameReportFolder, type Drop, type Import, type Receipt } from '@passbook/imports';
import { deliveryStates, type DeliveryCounts } from '@passbook/mail';
import type { Config } from './config.js';

/** What became of one file of `npm start -- FILE…`. */
export interface Outcome {
  drop: Drop;
  one: Import;
  /** Null when the file was refused or its import stopped. */
  receipt: Receipt | null;
  /** What became of its mails; null when it has none. */
  deliveries: DeliveryCounts | null;
  /** Why the mail server takes none at present. */
  mailTrouble: string | null;
  /** Its feed writes a statement for each account. */
  hasStatements: boolean;
  config: Pick<Config, 'PROCESSED_DIR' | 'QUARANTINE_DIR' | 'REPORTS_DIR' | 'SMTP_URL'>;
}

/** What a receipt says of accounts and their money: nothing, where there are none. */
const ofStatements = new Set(['accounts', 'accountsWithoutAddress', 'amountPosted', 'contradictions']);

/** What is printed for a file: its receipt, and where to look. Pure. */
export function renderOutcome(
  outcome: Outcome,
  options: { json: boolean; showPath: (path: string) => string },
): string {
  const { drop, one, receipt } = outcome;
  const fileName = drop.path.slice(drop.path.lastIndexOf('/') + 1);
  if (options.json) {
    const answer = receipt ?? {
      file: fileName,
      sha256: one.sha256,
      state: one.state,
      reason: one.stoppedReason,
      ...drop.refusal,
    };
    return `${JSON.stringify({ ...answer, ...(outcome.deliveries && { deliveries: outcome.deliveries }) })}\n`;
  }
  if (receipt) return renderReceipt(outcome, receipt, options.showPath);
  if (drop.refusal) {
    const { code, message, hint, line } = drop.refusal;
    const at = line === null ? '' : `, line ${line}`;
    const file = options.showPath(join(outcome.config.QUARANTINE_DIR, drop.finalName ?? fileName));
    return `${fileName}${at}: refused, ${code}. ${message} ${hint}\n  A copy and the reason are in ${file} and ${file}.error.json\n`;
  }
  return `${fileName}: stopped. ${one.stoppedReason ?? ''}\n  Nothing was moved. What is loaded stays, and the rest is posted when the cause is mended.\n`;
}

/** What is printed for a file of which nobody can say yet what it means. Pure. */
export function renderHeld({ file, hold, message }: HeldError, options: { json: boolean }): string {
  if (options.json) return `${JSON.stringify({ file, state: 'held', ...hold })}\n`;
  return `${message}\n  Nothing is posted, and the file stays where it is.\n`;
}

function renderReceipt(outcome: Outcome, receipt: Receipt, showPath: (path: string) => string): string {
  const { drop, one, deliveries, mailTrouble, config } = outcome;
  const rows = (count: number): string => count.toLocaleString('en-US');
  const headline =
    receipt.duplicateOf === null
      ? `${rows(receipt.rowsRead)} rows read = ${rows(receipt.rowsPosted)} posted + ${rows(receipt.rowsDuplicate)} duplicate + ${rows(receipt.rowsQuarantined)} quarantined`
      : 'these bytes were imported before: nothing is posted';
  const fields = Object.entries(receipt)
    .filter(([name]) => outcome.hasStatements || !ofStatements.has(name))
    .map(([name, value]) => `  ${name.padEnd(22)} ${value === null ? '-' : String(value)}`);
  const reports = join(config.REPORTS_DIR, nameReportFolder(one.fileName, one.id), 'index.html');
  const where = [
    `  ${outcome.hasStatements ? 'Statements' : 'Report    '}             ${showPath(reports)}`,
    `  File                   ${showPath(join(config.PROCESSED_DIR, drop.finalName ?? ''))}`,
  ];
  if (deliveries) {
    const counts = deliveryStates.filter((state) => deliveries[state]);
    where.push(
      `  Mails                  ${counts.map((state) => `${deliveries[state]} ${state}`).join(', ')}`,
    );
    if (config.SMTP_URL === undefined && (deliveries.due ?? deliveries.deferred))
      where.push('  Nobody sends those that wait: a start with SMTP_URL does.');
    if (mailTrouble !== null)
      where.push(
        `  The mail server takes none at present: ${mailTrouble}`,
        '  The next start sends what waits.',
      );
  }
  if (receipt.rowsQuarantined > 0 && receipt.duplicateOf === null) {
    where.push(
      `  Quarantined rows       ${showPath(join(config.QUARANTINE_DIR, `${drop.finalName}.rows.csv`))}`,
    );
  }
  return [`${receipt.file}: ${headline}`, ...fields, '', ...where, ''].join('\n');
}
