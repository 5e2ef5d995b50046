/** A mailbox: name for people, address for machines. */
export interface Mailbox {
  name: string;
  address: string;
}

/** A mail as its parts; the same letter gives the same bytes. */
export interface Letter {
  /** Without angle brackets, derived from account and import. */
  messageId: string;
  /** Of the import (its end), not of the sending. */
  date: Date;
  to: Mailbox;
  subject: string;
  /** Both in UTF-8, each line ended by CRLF (RFC 2046, 4.1.1): they are sent as they are. */
  text: Buffer;
  html: Buffer;
  attachments: { fileName: string; contentType: string; content: Buffer }[];
}

/** A letter that is none: a header that would end early, or an address that mail cannot be sent to. */
export class InvalidLetterError extends Error {
  override readonly name = 'InvalidLetterError';
}
