import { encodeCsvRecord } from '@passbook/csv';
import { currencyDecimals, formatAmount } from '@passbook/ledger';
import { measureBody, type Letter } from '@passbook/mail';
import { guardCell } from '../guard-cell.js';
import { describeMail, MAIL_CSV_NAME, toLine, type MailList } from './mail-content.js';
import { renderMailHtml } from './mail-html.js';
import { renderMailText } from './mail-text.js';
import type { GatheredStatement } from './gather-statement.js';
import { countTransactions, type StatementReport } from './report-figures.js';
import type { StatementSnapshot } from './reports-due.js';
import {
  STATEMENT_TRANSACTIONS_MAX,
  type StatementFigures,
  type StatementTransaction,
} from './statement-figures.js';

/** Of both texts as they are sent. Gmail cuts a mail off at 102 KB, and the headers need some. */
const MAIL_BYTES_MAX = 98_000;

/** Of the attached list: some 13,000 rows. Many servers take no mail beyond a few MB. */
const MAIL_CSV_BYTES_MAX = 1_000_000;

/** Characters of a name in a header: with more, a line could be longer than a mail may have. */
const HEADER_NAME_CHARS_MAX = 200;

/** Makes the letter of a statement whose rows come a part at a time, and keeps no more of them than are attached. */
export interface LetterMaker {
  /** The newest first. */
  add(rows: readonly StatementTransaction[]): void;
  /** When all rows were added. */
  letter(gathered: GatheredStatement): Letter;
}

/** @param address of the account's holder: one that mail can be sent to */
export function makeLetterMaker(report: StatementReport, address: string): LetterMaker {
  // As many rows as a page lists do not fit into MAIL_BYTES_MAX, however short they are: more are not even tried.
  const mayBeListed = countTransactions(report) <= STATEMENT_TRANSACTIONS_MAX;
  const csv = makeCsv((report.snapshot as StatementSnapshot).currency);
  return {
    add(rows) {
      if (!mayBeListed) csv.add(rows);
    },
    letter({ figures, newest }) {
      const head = describeHead(report, figures, address);
      if (mayBeListed) {
        const listed = renderMail(figures, { rows: newest });
        if (measureBody(listed.text) + measureBody(listed.html) <= MAIL_BYTES_MAX)
          return { ...head, ...listed, attachments: [] };
        csv.add(newest);
      }
      const content = csv.end();
      return {
        ...head,
        ...renderMail(figures, content === null ? 'left out' : 'attached'),
        attachments:
          content === null
            ? []
            : [{ fileName: MAIL_CSV_NAME, contentType: 'text/csv; charset=utf-8', content }],
      };
    },
  };
}

/** The subject is seen by whoever looks at the screen: it says nothing of the account. */
function describeHead(
  { importId, accountId, loadedAt }: StatementReport,
  { client }: StatementFigures,
  address: string,
): Omit<Letter, 'text' | 'html' | 'attachments'> {
  return {
    // The domain is nobody's (RFC 2606), so no other mail has this id.
    messageId: `account-${accountId}.${importId}@passbook.invalid`,
    date: new Date(loadedAt),
    to: { name: [...toLine(client.name)].slice(0, HEADER_NAME_CHARS_MAX).join(''), address },
    subject: 'Your account statement',
  };
}

function renderMail(figures: StatementFigures, list: MailList): Pick<Letter, 'text' | 'html'> {
  const content = describeMail(figures, list);
  return { text: Buffer.from(renderMailText(content)), html: Buffer.from(renderMailHtml(content)) };
}

/** The list as CSV, as long as it is not too long. */
function makeCsv(currency: string) {
  const decimals = currencyDecimals(currency);
  let text: string | null = encodeCsvRecord(['id', 'occurred_at', 'amount', 'currency']);
  return {
    add(rows: readonly StatementTransaction[]): void {
      if (text === null) return;
      for (const { id, occurredAt, amountMinor } of rows) {
        const cells = [id, occurredAt, formatAmount(amountMinor, decimals), currency];
        text += encodeCsvRecord(cells.map(guardCell));
      }
      if (text.length > MAIL_CSV_BYTES_MAX) text = null;
    },
    /** Null when it is too long. */
    end: (): Buffer | null => (text === null ? null : Buffer.from(text)),
  };
}
