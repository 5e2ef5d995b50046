import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { fileSettings, settingSchemas, type SettingName } from './setting-schemas.js';
import { readSettings } from './settings.js';

const root = new URL('../../../', import.meta.url);
const names = Object.keys(settingSchemas) as SettingName[];

test('.env.example has every setting, each with its default, and no other', () => {
  const lines = readFileSync(new URL('.env.example', root), 'utf8').match(/^#?[A-Z_]+=.*$/gm)!;
  const given = new Map(lines.map((line) => line.replace(/^#/, '').split('=', 2) as [string, string]));
  const expected = [...names, ...fileSettings.map((name) => `${name}_FILE`)];
  expect([...given.keys()].sort()).toEqual(expected.sort());
  for (const name of names) {
    const fallback = settingSchemas[name].safeParse(undefined).data as string | number | boolean | undefined;
    if (fallback !== undefined) expect([name, given.get(name)]).toEqual([name, String(fallback)]);
  }
});

test('the table of the README has every setting', () => {
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  expect(names.filter((name) => !readme.includes(`| \`${name}\``))).toEqual([]);
});

test('lists all faults of a configuration in one message', () => {
  const read = (): unknown =>
    readSettings({ HTTP_PORT: 'http', TIME_ZONE: 'Mars/Olympus', CURRENCY: 'dollars', LOCALE: '!' }, [
      'HTTP_PORT',
      'TIME_ZONE',
      'CURRENCY',
      'LOCALE',
    ]);
  expect(read).toThrow(/HTTP_PORT is not a whole number[^]*TIME_ZONE[^]*CURRENCY[^]*LOCALE/);
});

test('tells settings that do not fit together in the same message', () => {
  const environment = {
    IMPORTS_DIR: 'files',
    REPORTS_DIR: './files/',
    KAFKA_USERNAME: 'passbook',
    KAFKA_TLS_KEY: '-----BEGIN PRIVATE KEY-----',
    HTTP_PORT: 'http',
  };
  expect(() => readSettings(environment, names)).toThrow(
    /HTTP_PORT[^]*IMPORTS_DIR and REPORTS_DIR are the same folder[^]*KAFKA_PASSWORD belong together[^]*KAFKA_TLS_CERT and KAFKA_TLS_KEY[^]*without KAFKA_TLS=true/,
  );
});

test('keys and the word that none are needed contradict each other', () => {
  const environment = { API_AUTH: 'none', API_KEYS: `shop:read:${'a'.repeat(64)}` };
  expect(() => readSettings(environment, names)).toThrow(/API_AUTH=none and API_KEYS contradict/);
});

test('reads keys from lines or a list', () => {
  const [shop, books] = [`shop:write:${'a'.repeat(64)}`, `books:read:${'B'.repeat(64)}`];
  for (const API_KEYS of [`${shop},${books}`, `${shop}\n${books}\n`])
    expect(readSettings({ API_KEYS }, ['API_KEYS']).API_KEYS).toEqual([
      { name: 'shop', scope: 'write', sha256: Buffer.alloc(32, 0xaa) },
      { name: 'books', scope: 'read', sha256: Buffer.alloc(32, 0xbb) },
    ]);
});

test('misses what is required', () => {
  expect(() =>
    readSettings({}, ['DATABASE_URL', 'KAFKA_BROKERS'], ['DATABASE_URL', 'KAFKA_BROKERS']),
  ).toThrow(/DATABASE_URL is not given\.[^]*KAFKA_BROKERS is not given\./);
});

test('reads a list of brokers, and folders from where the user stands', () => {
  expect(readSettings({ KAFKA_BROKERS: 'a:9092,b.example:9093' }, ['KAFKA_BROKERS']).KAFKA_BROKERS).toEqual([
    'a:9092',
    'b.example:9093',
  ]);
  expect(readSettings({ INIT_CWD: '/books' }, ['IMPORTS_DIR'])).toEqual({ IMPORTS_DIR: '/books/imports' });
});

test('takes an empty value for one that is not given', () => {
  expect(readSettings({ HTTP_PORT: '' }, ['HTTP_PORT'])).toEqual({ HTTP_PORT: 3000 });
});

test.each([
  ['HTTP_PORT', '65536'],
  ['FILE_STABLE_MS', '-1'],
  ['FILE_STABLE_MS', '1.5'],
  ['DATABASE_URL', 'mysql://localhost'],
  ['DATABASE_URL', 'postgres://me:a/b#c@localhost/x'],
  ['API_AUTH', 'yes'],
  ['API_KEYS', 'shop:write:abc'],
  ['API_KEYS', `shop:admin:${'a'.repeat(64)}`],
  ['API_KEYS', `shop:read:${'a'.repeat(64)},shop:write:${'b'.repeat(64)}`],
  ['API_RATE_LIMIT', '0'],
  ['ACCOUNT_NUMBER_KEY', 'short'],
  ['LOG_LEVEL', 'loud'],
  ['FILE_BYTES_MAX', '0'],
  ['REJECT_THRESHOLD', '101%'],
  ['REJECT_THRESHOLD', 'a few'],
  ['REJECT_THRESHOLD', '-1'],
  ['KAFKA_BROKERS', 'localhost'],
  ['KAFKA_BROKERS', 'a:9092, b:9092'],
  ['KAFKA_PREFIX', 'my books'],
  ['KAFKA_TLS', 'yes'],
  ['KAFKA_TLS_CA', 'ca.pem'],
  ['KAFKA_SASL_MECHANISM', 'gssapi'],
] as const)('refuses %s=%s', (name, value) => {
  expect(() => readSettings({ [name]: value }, [name])).toThrow(name);
});

test('reads a secret from a file, and not from two places', () => {
  const file = new URL('package.json', root).pathname;
  expect(
    readSettings({ ACCOUNT_NUMBER_KEY_FILE: file }, ['ACCOUNT_NUMBER_KEY']).ACCOUNT_NUMBER_KEY,
  ).toContain('"name": "passbook"');
  const both = { ACCOUNT_NUMBER_KEY_FILE: file, ACCOUNT_NUMBER_KEY: 'a key that is long enough' };
  expect(() => readSettings(both, ['ACCOUNT_NUMBER_KEY'])).toThrow('both given');
  expect(() => readSettings({ KAFKA_PASSWORD_FILE: '/dev/null' }, ['KAFKA_PASSWORD'])).toThrow('is empty');
  const missing = { ACCOUNT_NUMBER_KEY_FILE: '/there/is/no/such/file' };
  expect(() => readSettings(missing, ['ACCOUNT_NUMBER_KEY'])).toThrow('cannot be read');
});

test('a mail server without a sender is a fault; without the server none is needed', () => {
  const read = (environment: Record<string, string>) => () => readSettings(environment, names);
  expect(read({ SMTP_URL: 'smtp://mail:1025' })).toThrow(/SMTP_URL without MAIL_FROM[^]*Passbook <passbook@/);
  expect(read({ SMTP_URL: 'smtp://mail:1025', MAIL_FROM: 'passbook@example.com' })).not.toThrow();
  expect(read({})).not.toThrow();
});

test('a mail server that cannot be read is not shown: it may hold a password', () => {
  const read = () => readSettings({ SMTP_URL: 'smtp://u:sec/ret@mail' }, names);
  expect(read).toThrow(/SMTP_URL /);
  expect(read).not.toThrow(/sec/);
});
