import { expect, test } from '@jest/globals';
import { readMailbox } from './read-mailbox.js';

test.each([
  ['passbook@localhost', { name: '', address: 'passbook@localhost' }],
  ['Passbook <passbook@example.com>', { name: 'Passbook', address: 'passbook@example.com' }],
  [
    ' "Bank, Ltd." <no-reply@mail.example.com> ',
    { name: 'Bank, Ltd.', address: 'no-reply@mail.example.com' },
  ],
  ['<a@b.example>', { name: '', address: 'a@b.example' }],
])('%j is a mailbox', (text, mailbox) => expect(readMailbox(text)).toEqual(mailbox));

test.each([
  '',
  'passbook',
  'passbook@',
  'passbook@127.0.0.1',
  'Passbook passbook@example.com',
  'a@example.com, b@example.com',
  'A <a@example.com>, B <b@example.com>',
  'Pass\r\nBcc: all <a@example.com>',
  'zo\u00eb@example.com',
  `${'a'.repeat(65)}@example.com`,
])('%j is none', (text) => expect(readMailbox(text)).toBeNull());
