import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { ApiKey } from '@passbook/runtime';
import { findCaller } from './find-caller.js';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const keys: ApiKey[] = [
  { name: 'shop', scope: 'write', sha256: sha256('shop-key') },
  { name: 'books', scope: 'read', sha256: sha256('books-key') },
];
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  ['Bearer shop-key', { name: 'shop', mayWrite: true }],
  ['bearer  books-key', { name: 'books', mayWrite: false }],
  [basic('anybody:books-key'), { name: 'books', mayWrite: false }],
  [basic(':shop-key'), { name: 'shop', mayWrite: true }],
  ['Bearer other-key', null],
  ['Bearer ', null],
  ['shop-key', null],
  ['Bearer shop-key shop-key', null],
  [basic('shop-key:'), null],
  ['', null],
  [undefined, null],
])('the header %s is of %o', (authorization, caller) => {
  expect(findCaller(keys, authorization)).toEqual(caller);
});

test('a key whose hash is that of nothing lets nobody in without a key', () => {
  const open: ApiKey[] = [{ name: 'open', scope: 'write', sha256: sha256('') }];
  expect(findCaller(open, undefined)).toBeNull();
});
