import MimeNode from 'nodemailer/lib/mime-node';
import { InvalidLetterError, type Letter, type Mailbox } from './letter.js';
import { isUsableAddress } from './usable-address.js';

/*
 * nodemailer writes the headers; the parts are put together here, because its composer and its streams take ten times as
 * long as that. A test holds the bytes to those that they give.
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

/**
 * The bytes of a mail (RFC 5322, CRLF), the same for the same letter and sender: boundaries and encoding included.
 * @throws InvalidLetterError for CR, LF, NUL in a header value or an address that is none
 */
export function composeMessage(letter: Letter, from: Mailbox): Promise<Buffer> {
  return new Promise((resolve) => resolve(Buffer.from(writeMessage(letter, from), 'latin1')));
}

function writeMessage(letter: Letter, from: Mailbox): string {
  expectValid(letter, from);
  const { text, html, attachments } = letter;
  const texts = [
    TEXT_HEAD + encodeBody(Buffer.from(withLineEnds(text))),
    HTML_HEAD + encodeBody(Buffer.from(withLineEnds(html))),
  ];
  const root = new MimeNode(
    attachments.length === 0 ? 'multipart/alternative' : 'multipart/mixed',
    boundaries,
  );
  const head = writeHead(root, letter, from);
  if (attachments.length === 0) return head + joinParts(texts, OUTER_BOUNDARY);
  const attached = attachments.map(({ fileName, contentType, content }) => {
    const node = root.createChild(contentType, { ...boundaries, filename: fileName });
    node.setHeader('Content-Transfer-Encoding', 'base64').setHeader('Content-Disposition', 'attachment');
    return `${node.buildHeaders()}\r\n\r\n${encodeBody(content)}`;
  });
  return head + joinParts([INNER_HEAD + joinParts(texts, INNER_BOUNDARY), ...attached], OUTER_BOUNDARY);
}

function writeHead(root: MimeNode, { messageId, date, to, subject }: Letter, from: Mailbox): string {
  // RFC 3834, and what Exchange looks at: nobody's absence is to be told to a machine.
  root.setHeader('Auto-Submitted', 'auto-generated').setHeader('X-Auto-Response-Suppress', 'All');
  // nodemailer writes into what it is given.
  root.setHeader('From', { ...from }).setHeader('To', { ...to });
  root.setHeader('Subject', subject).setHeader('Message-ID', `<${messageId}>`).setHeader('Date', date);
  const head = root.buildHeaders();
  for (const line of head.split('\r\n')) {
    if (line.length > LINE_MAX)
      throw new InvalidLetterError(`A header is longer than a line may be: ${line.slice(0, 20)}…`);
  }
  return `${head}\r\n\r\n`;
}

function joinParts(parts: readonly string[], boundary: string): string {
  return `${parts.map((part) => `--${boundary}\r\n${part}`).join('\r\n')}\r\n--${boundary}--\r\n`;
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
  const lines = withLineEnds(text);
  const chars = Math.ceil(Buffer.byteLength(lines) / 3) * 4;
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
