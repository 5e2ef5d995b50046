import { describe, expect, test } from '@jest/globals';
import { assert, asyncProperty, record, string } from 'fast-check';
import { simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { composeMessage, measureBody } from './compose-message.js';
import { InvalidLetterError, type Letter, type Mailbox } from './letter.js';

const from = { name: 'Passbook', address: 'passbook@localhost' };
const letter: Letter = {
  messageId: 'account-7.9eedccfe-83fa-4166-b8ad-9b72b0e5f1df@passbook.invalid',
  date: new Date('2021-01-31T23:30:00Z'),
  to: { name: 'Janet Shields', address: 'janet@example.com' },
  subject: 'Your account statement',
  text: Buffer.from('Closing balance  $1.00\r\n'),
  html: Buffer.from('<!doctype html>\r\n<p>Closing balance $1.00</p>\r\n'),
  attachments: [],
};
const csv = { fileName: 'transactions.csv', contentType: 'text/csv; charset=utf-8' };
const compose = (change: Partial<Letter> = {}) => composeMessage({ ...letter, ...change }, from);

/** The same mail, by nodemailer alone. */
function composeByNodemailer(
  { messageId, date, to, subject, text, html, attachments }: Letter,
  from: Mailbox,
) {
  const mail = new MailComposer({
    boundaryPrefix: '=_',
    baseBoundary: 'passbook',
    encoding: 'base64',
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    from: { ...from },
    to: { ...to },
    messageId: `<${messageId}>`,
    date,
    subject,
    text: text.toString(),
    html: html.toString(),
    attachments: attachments.map(({ fileName, ...rest }) => ({ filename: fileName, ...rest })),
  });
  return mail.compile().build();
}

describe('the bytes of a mail', () => {
  test('are those of nodemailer, whatever the letter says', async () => {
    // By default fast-check makes but a few characters: bodies of one line.
    const any = string({ unit: 'binary', minLength: 1, maxLength: 3_000, size: 'max' });
    const text = any.map((all) => Buffer.from(all.replace(/\r\n?|\n/g, '\r\n')));
    const name = string({ unit: 'binary', maxLength: 200 }).map((all) => all.replace(/[\0-\x1f\x7f]/g, ''));
    const subject = name.map((all) => `S${all}`);
    await assert(
      asyncProperty(
        record({ text, html: text, content: any, name, sender: name, subject }),
        async ({ text, html, content, name, sender, subject }) => {
          const attachments = [{ ...csv, content: Buffer.from(content) }];
          for (const change of [
            { text, html, attachments: [] },
            { text, html, attachments },
          ]) {
            const whole = { ...letter, subject, to: { ...letter.to, name }, ...change };
            const by = { ...from, name: sender };
            const built = await composeByNodemailer(whole, by);
            expect((await composeMessage(whole, by)).toString('latin1')).toBe(built.toString('latin1'));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are the same at each time, and say nothing of it', async () => {
    const first = await compose({ attachments: [{ ...csv, content: Buffer.from('a\r\n') }] });
    const again = await compose({ attachments: [{ ...csv, content: Buffer.from('a\r\n') }] });
    expect(again.equals(first)).toBe(true);
    expect(first.toString()).not.toContain(String(new Date().getUTCFullYear()));
  });

  test('are lines with CRLF, of at most 76 characters in a body', async () => {
    const text = Buffer.from(`${'x'.repeat(5_000)}\r\n\r\nä\r\n`);
    const bytes = await compose({ text, html: Buffer.from(`<p>${'ש'.repeat(3_000)}</p>`) });
    const lines = bytes.toString('latin1').split('\r\n');
    expect(lines.filter((line) => /[\r\n]/.test(line))).toEqual([]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(76);
  });

  test('are read as what the letter says', async () => {
    const content = Buffer.from('id,amount\r\n1,-1.00\r\n');
    const name = 'Zoë "Z" O\u2019Neill, שלום';
    const to = { name, address: 'z@bücher.example' };
    const bytes = await compose({ to, attachments: [{ ...csv, content }] });
    expect(bytes.toString('latin1')).toContain('<z@xn--bcher-kva.example>');
    const mail = await simpleParser(bytes);
    expect(mail.messageId).toBe(`<${letter.messageId}>`);
    expect(mail.date).toEqual(letter.date);
    expect(mail.subject).toBe(letter.subject);
    expect(mail.from?.value).toEqual([from]);
    expect([mail.to].flat()[0]?.value).toEqual([to]);
    expect(mail.text).toBe('Closing balance  $1.00\n');
    expect(mail.html).toBe('<!doctype html>\n<p>Closing balance $1.00</p>\n');
    expect(mail.attachments.map((one) => [one.filename, one.contentType, one.content])).toEqual([
      ['transactions.csv', 'text/csv', content],
    ]);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('x-auto-response-suppress')).toBe('All');
  });

  test('are as many as is said of its texts, and those of the headers', async () => {
    const measure = async (size: number) => {
      const text = Buffer.from('ä\r\n'.repeat(size));
      return (await compose({ text })).length - measureBody(text);
    };
    const headers = await measure(1);
    for (const size of [2, 3, 13, 14, 15, 19, 1_000])
      expect([size, await measure(size)]).toEqual([size, headers]);
  });

  test('end no part early, whatever a text says', async () => {
    const text = '\n--=_-passbook-Part_1\n--=_-passbook-Part_1--\n\n--=_-passbook-Part_2\n';
    const mail = await simpleParser(await compose({ text: Buffer.from(text.replaceAll('\n', '\r\n')) }));
    expect(mail.text).toBe(text);
    expect(mail.html).toBe('<!doctype html>\n<p>Closing balance $1.00</p>\n');
    expect(mail.attachments).toEqual([]);
  });
});

describe('no mail is made of', () => {
  const broken = ['\r\nBcc: all@example.com', '\n', '\r', '\0'];
  test.each<[string, (text: string) => Partial<Letter>]>([
    ["a recipient's name", (text) => ({ to: { ...letter.to, name: `Janet${text}` } })],
    ["a recipient's address", (text) => ({ to: { ...letter.to, address: `janet@example.com${text}` } })],
    ['a subject', (text) => ({ subject: `Statement${text}` })],
    ['a Message-ID', (text) => ({ messageId: `a@b${text}` })],
    [
      'the name of an attachment',
      (text) => ({ attachments: [{ ...csv, fileName: `a${text}`, content: Buffer.from('a') }] }),
    ],
    [
      'the kind of an attachment',
      (text) => ({ attachments: [{ ...csv, contentType: `text/csv${text}`, content: Buffer.from('a') }] }),
    ],
  ])('%s with CR, LF or NUL', async (_what, change) => {
    for (const text of broken) await expect(compose(change(text))).rejects.toThrow(InvalidLetterError);
  });

  test('a sender with CR, LF or NUL', async () => {
    for (const text of broken) {
      for (const sender of [
        { ...from, name: `Passbook${text}` },
        { ...from, address: `passbook@localhost${text}` },
      ])
        await expect(composeMessage(letter, sender)).rejects.toThrow(InvalidLetterError);
    }
  });

  test.each<[string, Partial<Letter>]>([
    ['an address that is none', { to: { name: '', address: 'janet' } }],
    ['two addresses', { to: { name: '', address: 'janet@example.com,john@example.com' } }],
    ['a date that is none', { date: new Date(NaN) }],
    ['a letter without a text', { text: Buffer.alloc(0) }],
    ['a letter without a page', { html: Buffer.alloc(0) }],
    ['a name that makes a line too long', { to: { ...letter.to, name: 'x'.repeat(2_000) } }],
  ])('%s', async (_what, change) => {
    await expect(compose(change)).rejects.toThrow(InvalidLetterError);
  });
});

test('an attachment that looks like a path or an address is only its bytes', async () => {
  const content = Buffer.from('/etc/hostname');
  const mail = await simpleParser(
    await compose({
      text: Buffer.from('file:///etc/hostname'),
      attachments: [{ ...csv, fileName: '/etc/hosts', content }],
    }),
  );
  expect(mail.attachments[0]!.content).toEqual(content);
});
