import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { InvalidLetterError, type Letter, type Mailbox } from './letter.js';
import { isUsableAddress } from './usable-address.js';

/*
 * nodemailer writes the headers that say who and what; the parts are put together here, because its composer and its
 * streams take ten times as long as that. A test holds the bytes to those that they give.
 */

/** Octets of a line, without its end: RFC 5322, 2.1.1. */
const LINE_MAX = 998;

/**
 * All bodies are base64, which Node writes five times as fast as quoted-printable, and whose size is known beforehand. It
 * has no `_`: whatever a letter says, no line of it ends a part.
 */
const boundaries = { boundaryPrefix: '=_', baseBoundary: 'passbook' };
const OUTER_BOUNDARY = '=_-passbook-Part_1';
const INNER_BOUNDARY = '=_-passbook-Part_2';

const TEXT_HEAD = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n';
const HTML_HEAD = 'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n';
const INNER_HEAD = `Content-Type: multipart/alternative; boundary="${INNER_BOUNDARY}"\r\n\r\n`;

/** Of a mail: text in ASCII as it is, and bytes that become base64. */
type Piece = string | Buffer;

/**
 * The bytes of a mail (RFC 5322, CRLF), the same for the same letter and sender: boundaries and encoding included.
 * @throws InvalidLetterError for CR, LF, NUL in a header value or an address that is none
 */
export function composeMessage(letter: Letter, from: Mailbox): Promise<Buffer> {
  return new Promise((resolve) => resolve(writePieces(takeApart(letter, from))));
}

function takeApart(letter: Letter, from: Mailbox): Piece[] {
  expectValid(letter, from);
  const texts = [
    [TEXT_HEAD, letter.text],
    [HTML_HEAD, letter.html],
  ];
  if (letter.attachments.length === 0)
    return [writeHead('multipart/alternative', letter, from), ...joinParts(texts, OUTER_BOUNDARY)];
  const root = new MimeNode('multipart/mixed', boundaries);
  const attached = letter.attachments.map(({ fileName, contentType, content }) => {
    const node = root.createChild(contentType, { ...boundaries, filename: fileName });
    node.setHeader('Content-Transfer-Encoding', 'base64').setHeader('Content-Disposition', 'attachment');
    return [`${node.buildHeaders()}\r\n\r\n`, content];
  });
  return [
    writeHead('multipart/mixed', letter, from),
    ...joinParts([[INNER_HEAD, ...joinParts(texts, INNER_BOUNDARY)], ...attached], OUTER_BOUNDARY),
  ];
}

function writeHead(kind: string, { messageId, date, to, subject }: Letter, from: Mailbox): string {
  // It is never written: it only says how each value is.
  const node = new MimeNode(undefined, boundaries);
  const write = (key: string, value: string | Date | Mailbox): string =>
    foldLines(`${key}: ${node.encodeHeaderValue(key, value)}`);
  const lines = [
    // RFC 3834, and what Exchange looks at: nobody's absence is to be told to a machine.
    'Auto-Submitted: auto-generated',
    'X-Auto-Response-Suppress: All',
    // nodemailer writes into what it is given.
    write('From', { ...from }),
    write('To', { ...to }),
    write('Subject', subject),
    write('Message-ID', `<${messageId}>`),
    write('Date', date),
    'MIME-Version: 1.0',
    `Content-Type: ${kind}; boundary="${OUTER_BOUNDARY}"`,
  ];
  const head = lines.join('\r\n');
  for (const line of head.split('\r\n')) {
    if (line.length > LINE_MAX)
      throw new InvalidLetterError(`A header is longer than a line may be: ${line.slice(0, 20)}…`);
  }
  return `${head}\r\n\r\n`;
}

function joinParts(parts: readonly Piece[][], boundary: string): Piece[] {
  return [
    ...parts.flatMap((part, at) => [`${at === 0 ? '' : '\r\n'}--${boundary}\r\n`, ...part]),
    `\r\n--${boundary}--\r\n`,
  ];
}

/** Of a line of base64. */
const LINE_CHARS = 76;
const LINE_END = '\r\n';
const [CR, LF] = [13, 10];

function writePieces(pieces: readonly Piece[]): Buffer {
  const sizes = pieces.map((piece) => (typeof piece === 'string' ? piece.length : measureBody(piece)));
  const mail = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size));
  let at = 0;
  pieces.forEach((piece, index) => {
    if (typeof piece === 'string') mail.write(piece, at, 'latin1');
    else writeBody(piece, mail, at);
    at += sizes[index]!;
  });
  return mail;
}

/** Writes base64 as one line; then its lines are moved to where they stand, from the last on. */
function writeBody(content: Buffer, mail: Buffer, start: number): void {
  const chars = mail.write(content.toString('base64'), start, 'latin1');
  const end = start + chars;
  for (let line = countLines(chars) - 1; line > 0; line--) {
    const from = start + line * LINE_CHARS;
    const to = from + line * LINE_END.length;
    mail.copyWithin(to, from, Math.min(from + LINE_CHARS, end));
    mail[to - 2] = CR;
    mail[to - 1] = LF;
  }
}

const countLines = (chars: number): number => Math.max(1, Math.ceil(chars / LINE_CHARS));

/** The bytes that a text, or what is attached, takes in a mail. */
export function measureBody(content: Buffer): number {
  const chars = Math.ceil(content.length / 3) * 4;
  return chars + (countLines(chars) - 1) * LINE_END.length;
}

function expectValid({ messageId, date, to, subject, text, html, attachments }: Letter, from: Mailbox): void {
  const values: Record<string, string> = {
    "sender's name": from.name,
    "recipient's name": to.name,
    subject,
    ...Object.fromEntries(
      attachments.map(({ fileName, contentType }, at) => [`attachment ${at + 1}`, fileName + contentType]),
    ),
  };
  for (const [what, value] of Object.entries(values)) {
    if (/[\0-\x1f\x7f]/.test(value))
      throw new InvalidLetterError(`The ${what} has a control character: nothing of it may end a header.`);
  }
  for (const [who, { address }] of Object.entries({ sender: from, recipient: to })) {
    if (!isUsableAddress(address))
      throw new InvalidLetterError(`The ${who} has no address that mail can be sent to.`);
  }
  if (!/^[!-;=?A-~]+@[!-;=?A-~]+$/.test(messageId))
    throw new InvalidLetterError('The Message-ID is not of the form left@right, in ASCII.');
  if (text.length === 0 || html.length === 0)
    throw new InvalidLetterError('A letter has both a text and a page.');
  if (Number.isNaN(date.getTime())) throw new InvalidLetterError('The date is none.');
}
