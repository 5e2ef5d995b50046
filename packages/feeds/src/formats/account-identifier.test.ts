import { expect, test } from '@jest/globals';
import { identifyAccount } from './account-identifier.js';

const identify = (text: string, format = 'bank') =>
  identifyAccount(text, format, (number) => `hash of ${number}`);

test.each([
  ['4000 0000 0000 0002', 'hash of 4000000000000002', '0002'],
  ['DE89 3704 0044 0532 0130 00', 'hash of DE89370400440532013000', '3000'],
  ['de89370400440532013000', 'hash of DE89370400440532013000', '3000'],
  ['4321', 'hash of bank:4321', '4321'],
  ['Savings', 'hash of bank:SAVINGS', 'INGS'],
])('%s is an account', (text, numberHash, last4) => {
  expect(identify(text)).toEqual({ numberHash, last4 });
});

test('a short code is another account at another bank, a number is not', () => {
  expect(identify('4321', 'a')?.numberHash).not.toBe(identify('4321', 'b')?.numberHash);
  expect(identify('4000000000000002', 'a')).toEqual(identify('4000000000000002', 'b'));
});

test.each(['', ' ', 'x', 'DE88370400440532013000', 'a/b', 'two\u0000', 'Müller', 'x'.repeat(35)])(
  '%j is none',
  (text) => {
    expect(identify(text)).toBeNull();
  },
);
