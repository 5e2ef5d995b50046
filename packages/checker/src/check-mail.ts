import type { Findings } from './findings.js';
import { addAmount, noSums, writeAverage, writeDollars } from './money.js';
import type { Account, Row } from './book.js';
import type { NumberSearch } from './search-numbers.js';

/** Whether an address that a row may have is one that mail can be sent to. */
export function canBeMailed(address: string): boolean {
  const [local = '', domain = ''] = address.split('@');
  const label = domain.split('.').at(-1) ?? '';
  return local.length <= 64 && !/^\.|\.\.|\.$/.test(local) && /[a-z]/i.test(label) && address.length <= 254;
}

/** Holds the mail of a statement to the rows that its import posted, and looks for account numbers in what it encodes. */
export function checkMail(
  findings: Findings,
  parts: {
    place: string;
    eml: string;
    importId: string;
    account: Account;
    rows: readonly Row[];
    closing: bigint | null;
    numbers: NumberSearch;
  },
): void {
  const { place, eml, account, rows, closing, numbers } = parts;
  const { id, email } = account.stored!;
  const [text, page] = [decodePart(eml, 'text/plain'), decodePart(eml, 'text/html')];
  if (text === null || page === null)
    return findings.add('statements', `${place} has no text, or no page, that can be read`);
  const found = numbers.find(text) ?? numbers.find(page);
  if (found) findings.add('numbers', `${place} holds that of account …${found}`);
  const head = eml.slice(0, eml.indexOf('\r\n\r\n'));
  const at = email.lastIndexOf('@');
  for (const line of [
    `Message-ID:\r\n <account-${id}.${parts.importId}@passbook.invalid>`,
    `${email.slice(0, at)}@${email.slice(at + 1).toLowerCase()}`,
  ]) {
    if (!head.includes(line)) findings.add('statements', `${place} does not name its account in its head`);
  }
  for (const figure of listFigures(account, rows, closing)) {
    if (!text.includes(figure) || !page.includes(figure))
      findings.add('statements', `${place} does not say ${figure}`);
  }
}

function listFigures(account: Account, rows: readonly Row[], closing: bigint | null): string[] {
  const sums = noSums();
  for (const row of rows) addAmount(sums, row.cents);
  const averages = [
    writeAverage(sums.credits, sums.creditCount),
    writeAverage(sums.debits, sums.debitCount),
  ].filter((average) => average !== null);
  return [
    account.digits.slice(-4),
    `${sums.creditCount.toLocaleString('en-US')} credit`,
    `${sums.debitCount.toLocaleString('en-US')} debit`,
    writeDollars(sums.credits),
    writeDollars(sums.debits),
    ...averages.map((average) => writeDollars(BigInt(average.replace('.', '')))),
    ...(closing === null ? [] : [writeDollars(closing)]),
  ];
}

/** The body of the first part of a kind, which is base64. */
function decodePart(eml: string, kind: string): string | null {
  const from = eml.indexOf(`Content-Type: ${kind}`);
  const body = /\r\n\r\n([A-Za-z0-9+/=\r\n]+)\r\n--/.exec(eml.slice(Math.max(from, 0)));
  return from < 0 || !body ? null : Buffer.from(body[1]!, 'base64').toString();
}
