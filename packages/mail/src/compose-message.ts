import MailComposer from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { InvalidLetterError, type Letter, type Mailbox } from './letter.js';
import { isUsableAddress } from './usable-address.js';

/*
 * nodemailer says what the parts are, what their headers say and how bodies are encoded; they are put together here,
 * because its streams take ten times as long as that. Tests hold the bytes to those that its streams give.
 */

/** Octets of a line, without its end: RFC 5322, 2.1.1. */
const LINE_MAX = 998;

/**
 * All bodies are base64, which Node writes five times as fast as quoted-printable, and whose size is known beforehand. It
 * has no `_`: whatever a letter says, no line of it ends a part.
 */
const encoding = { boundaryPrefix: '=_', baseBoundary: 'passbook', encoding: 'base64' };

/**
 * The bytes of a mail (RFC 5322, CRLF), the same for the same letter and sender: boundaries and encoding included.
 * @throws InvalidLetterError for CR, LF, NUL in a header value or an address that is none
 */
export function composeMessage(letter: Letter, from: Mailbox): Promise<Buffer> {
  return new Promise((resolve) => resolve(Buffer.from(writeNode(compileLetter(letter, from)), 'latin1')));
}

/** The letter as nodemailer's tree of parts. @throws as composeMessage */
export function compileLetter(letter: Letter, from: Mailbox): MimeNode {
  expectValid(letter, from);
  const { messageId, date, to, subject, text, html, attachments } = letter;
  const mail = new MailComposer({
    ...encoding,
    disableFileAccess: true,
    disableUrlAccess: true,
    // nodemailer writes into what it is given.
    from: { ...from },
    to: { ...to },
    messageId: `<${messageId}>`,
    date,
    subject,
    // RFC 3834, and what Exchange looks at: nobody's absence is to be told to a machine.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    text: Buffer.from(withLineEnds(text)),
    html: Buffer.from(withLineEnds(html)),
    attachments: attachments.map(({ fileName, contentType, content }) => ({
      filename: fileName,
      contentType,
      content,
    })),
  });
  return mail.compile();
}

function writeNode(node: MimeNode): string {
  const headers = node.buildHeaders();
  for (const line of headers.split('\r\n')) {
    if (line.length > LINE_MAX)
      throw new InvalidLetterError(`A header is longer than a line may be: ${line.slice(0, 20)}…`);
  }
  if (node.childNodes.length === 0) return `${headers}\r\n\r\n${encodeBody(node.content as Buffer)}`;
  const parts = node.childNodes.map((child) => `--${node.boundary as string}\r\n${writeNode(child)}`);
  return `${headers}\r\n\r\n${parts.join('\r\n')}\r\n--${node.boundary as string}--\r\n`;
}

/** Of a line of base64. */
const LINE_CHARS = 76;

function encodeBody(content: Buffer): string {
  const chars = content.toString('base64');
  let lines = chars.slice(0, LINE_CHARS);
  for (let from = LINE_CHARS; from < chars.length; from += LINE_CHARS)
    lines += `\r\n${chars.slice(from, from + LINE_CHARS)}`;
  return lines;
}

/** The bytes that a text takes in a mail. */
export function measureText(text: string): number {
  const chars = Math.ceil(Buffer.byteLength(withLineEnds(text)) / 3) * 4;
  return chars + Math.floor((chars - 1) / LINE_CHARS) * '\r\n'.length;
}

const withLineEnds = (text: string): string =>
  (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).replaceAll('\n', '\r\n');

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
  if (text === '' || html === '') throw new InvalidLetterError('A letter has both a text and a page.');
  if (Number.isNaN(date.getTime())) throw new InvalidLetterError('The date is none.');
}
