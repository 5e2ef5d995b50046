import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSettings, secretSettings, settingSchemas, type SettingName } from './settings.js';

const root = new URL('../../../', import.meta.url);
const names = Object.keys(settingSchemas) as SettingName[];

test('.env.example has every setting, each with its default, and no other', () => {
  const lines = readFileSync(new URL('.env.example', root), 'utf8').match(/^#?[A-Z_]+=.*$/gm)!;
  const given = new Map(lines.map((line) => line.replace(/^#/, '').split('=', 2) as [string, string]));
  const expected = [...names, ...secretSettings.map((name) => `${name}_FILE`)];
  expect([...given.keys()].sort()).toEqual(expected.sort());
  for (const name of names) {
    const fallback = settingSchemas[name].safeParse(undefined).data;
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

test('takes an empty value for one that is not given', () => {
  expect(readSettings({ HTTP_PORT: '' }, ['HTTP_PORT'])).toEqual({ HTTP_PORT: 3000 });
});

test.each([
  ['HTTP_PORT', '65536'],
  ['FILE_STABLE_MS', '-1'],
  ['FILE_STABLE_MS', '1.5'],
  ['DATABASE_URL', 'mysql://localhost'],
  ['API_AUTH', 'yes'],
  ['ACCOUNT_NUMBER_KEY', 'short'],
  ['LOG_LEVEL', 'loud'],
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
  const missing = { ACCOUNT_NUMBER_KEY_FILE: '/there/is/no/such/file' };
  expect(() => readSettings(missing, ['ACCOUNT_NUMBER_KEY'])).toThrow('cannot be read');
});
