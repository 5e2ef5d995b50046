import { expect, test } from '@jest/globals';
import { findForeign } from './find-foreign.js';

const own = { host: '127.0.0.1:3000' };

test.each<[string, string, Record<string, string>]>([
  ['a program', 'POST', own],
  ['a program that says localhost', 'POST', { host: 'localhost:3000' }],
  ['IPv6', 'POST', { host: '[::1]:3000' }],
  ['a page of our own', 'POST', { ...own, origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' }],
  ['a link of another page, to read', 'GET', { ...own, 'sec-fetch-site': 'cross-site' }],
])('on the loopback %s is served', (_name, method, headers) => {
  expect(findForeign({ method, headers }, { isLoopback: true })).toBeNull();
});

test.each<[string, string, Record<string, string>]>([
  ['a name that a stranger pointed at us', 'POST', { host: 'evil.example:3000' }],
  ['the same, to read', 'GET', { host: 'evil.example:3000' }],
  ['a name that begins like ours', 'GET', { host: '127.0.0.1.evil.example' }],
  ['no name', 'GET', {}],
  ['a page of another origin', 'POST', { ...own, origin: 'https://evil.example' }],
  ['a page of another port', 'POST', { ...own, origin: 'http://127.0.0.1:8080' }],
  ['a page without an origin', 'PUT', { ...own, origin: 'null' }],
  ['a page that hides its origin', 'POST', { ...own, 'sec-fetch-site': 'cross-site' }],
])('on the loopback %s is not served', (_name, method, headers) => {
  expect(findForeign({ method, headers }, { isLoopback: true })).toEqual(expect.stringMatching(/\w/));
});

test('where anybody may come in, only names without a domain may move money', () => {
  const ask = (method: string, host: string): string | null =>
    findForeign({ method, headers: { host } }, { isLoopback: false });
  for (const host of ['api:3000', '10.0.0.7', '[fd00::7]:3000', 'localhost'])
    expect(ask('POST', host)).toBeNull();
  expect(ask('GET', 'books.example')).toBeNull();
  expect(ask('POST', 'evil.example:3000')).toContain('API_KEYS');
});
