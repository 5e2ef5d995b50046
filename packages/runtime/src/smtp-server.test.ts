import { expect, test } from '@jest/globals';
import { readSmtpUrl } from './smtp-server.js';

test.each([
  ['smtp://mail:1025', { host: 'mail', port: 1025, tls: 'opportunistic', login: null }],
  ['smtp://mail.example', { host: 'mail.example', port: 587, tls: 'opportunistic', login: null }],
  ['smtps://mail.example', { host: 'mail.example', port: 465, tls: 'at once', login: null }],
  ['smtp://[::1]:25?tls=off', { host: '::1', port: 25, tls: 'off', login: null }],
  ['smtp://mail?tls=required', { host: 'mail', port: 587, tls: 'required', login: null }],
  [
    'smtp://janet%40example.com:a%2Fb%25@mail',
    { host: 'mail', port: 587, tls: 'required', login: { user: 'janet@example.com', password: 'a/b%' } },
  ],
  [
    'smtp://u:p@mail?tls=opportunistic',
    { host: 'mail', port: 587, tls: 'opportunistic', login: { user: 'u', password: 'p' } },
  ],
])('%s is read', (text, server) => expect(readSmtpUrl(text)).toEqual(server));

test.each([
  ['http://mail', /not an smtp/],
  ['smtp://', /not an address|names no host/],
  ['smtp://u:a/b@mail', /not an address|something behind/],
  ['smtp://mail/inbox', /something behind/],
  ['smtp://u@mail', /alone/],
  ['smtp://mail?tls=perhaps', /required, opportunistic, off/],
  ['smtp://mail?secure=true', /parameter secure/],
  ['smtps://mail?tls=off', /asks for TLS and for tls=off/],
  ['smtp://u:%zz@mail', /%25/],
])('%s is refused with the way out, and without a word of it that could be secret', (text, reason) => {
  expect(readSmtpUrl(text)).toEqual(expect.stringMatching(reason));
});
