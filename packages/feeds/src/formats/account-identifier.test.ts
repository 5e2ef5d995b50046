import { expect, test } from '@jest/globals';
import { identifyAccount } from './account-identifier.js';

const identify = (text: string, format = 'bank') =>
  identifyAccount(text, format, (number) => `hash of ${number}`);

test.each([
  ['4000 0000 0000 0002', 'hash of 4000000000000002', '0002'],
  ['DE89 3704 0044 0532 0130 00', 'hash of DE89370400440532013000', '3000'],
  ['de89370400440532013000', 'hash of DE89370400440532013000', '3000'],
  ['4321', 'hash of bank:4321', '4321'],
  ['Savings', 'hash of bank:Savings', 'ings'],
  ['A-1', 'hash of bank:A-1', 'A-1'],
])('%s is an account', (text, numberHash, last4) => {
  expect(identify(text)).toEqual({ numberHash, last4 });
});

test('codes that are written in another way are other accounts', () => {
  expect(new Set(['A-1', 'A 1', 'A1', 'a1'].map((text) => identify(text)?.numberHash)).size).toBe(4);
});

test('a short code is another account at another bank, a number is not', () => {
  expect(identify('4321', 'a')?.numberHash).not.toBe(identify('4321', 'b')?.numberHash);
  expect(identify('4000000000000002', 'a')).toEqual(identify('4000000000000002', 'b'));
});

test.each(['', ' ', 'DE88370400440532013000', '-1', 'two\u0000', 'a,b', 'x'.repeat(35)])(
  '%j is none',
  (text) => {
    expect(identify(text)).toBeNull();
  },
);
