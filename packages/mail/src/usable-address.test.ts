import { expect, test } from '@jest/globals';
import { isUsableAddress } from './usable-address.js';

const label = 'a'.repeat(63);

test.each([
  'janet@example.com',
  'a.b+c_d@sub.example.co.uk',
  "o'neill@example.com",
  'passbook@localhost',
  'janet@EXAMPLE.com',
  'janet@b\u00fccher.example',
  'janet@\u4f8b\u3048.jp',
  `${'a'.repeat(64)}@example.com`,
  `a@${label}.${label}.${label}.${'b'.repeat(60)}`,
])('mail can be addressed to %s', (text) => expect(isUsableAddress(text)).toBe(true));

test.each([
  [null],
  [''],
  ['janet'],
  ['@example.com'],
  ['janet@'],
  ['janet@example.com\n'],
  ['janet@example.com '],
  ['Janet <janet@example.com>'],
  ['janet@example.com,john@example.com'],
  ['janet@evil.example@example.com'],
  ['janet@evil.example/example.com'],
  ['janet@evil.example\0.example.com'],
  ['janet@example%2ecom'],
  ['.janet@example.com'],
  ['janet.@example.com'],
  ['ja..net@example.com'],
  ['"janet"@example.com'],
  ['zo\u00eb@example.com'],
  ['janet@-example.com'],
  ['janet@example..com'],
  ['janet@example.com.'],
  ['janet@127.0.0.1'],
  ['janet@0x7f000001'],
  ['janet@[127.0.0.1]'],
  [`${'a'.repeat(65)}@example.com`],
  [`janet@${label}a.example`],
  [`a@${label}.${label}.${label}.${'b'.repeat(61)}`],
])('mail cannot be addressed to %j', (text) => expect(isUsableAddress(text)).toBe(false));
