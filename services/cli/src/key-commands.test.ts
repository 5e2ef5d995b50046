import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { readSettings } from '@passbook/runtime';
import { makeKey } from './key-commands.js';

test('a key that is made is let in by its line, and is in it only as a hash', () => {
  const { key, setting } = makeKey('shop', 'write');
  expect(readSettings({ API_KEYS: setting }, ['API_KEYS']).API_KEYS).toEqual([
    { name: 'shop', scope: 'write', sha256: createHash('sha256').update(key).digest() },
  ]);
  expect(setting).not.toContain(key);
  expect(makeKey('shop', 'write').key).not.toBe(key);
});

test.each([
  ['a b', 'read'],
  ['', 'read'],
  ['a:b', 'read'],
  ['shop', 'admin'],
])('no key is made for %j with the scope %j', (name, scope) => {
  expect(() => makeKey(name, scope)).toThrow(/name|scope/);
});
