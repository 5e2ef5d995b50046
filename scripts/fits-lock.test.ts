import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { fitsLock } from './fits-lock.mjs';

const machine = { platform: 'linux', arch: 'x64' };
const csv = { version: '7.0.3', integrity: 'sha512-a' };
const own = { resolved: 'packages/csv', link: true };
const ofMac = { version: '18.0.0', integrity: 'sha512-m', optional: true, os: ['darwin'], cpu: ['arm64'] };
const ofLinux = { version: '18.0.0', integrity: 'sha512-l', optional: true, os: ['linux'], cpu: ['x64'] };
const installed = { 'node_modules/csv': csv, 'node_modules/own': own, 'node_modules/linux': ofLinux };
const locked = { '': {}, ...installed };

const fits = (found: Record<string, object>, wanted: Record<string, object> = locked): boolean =>
  fitsLock({ packages: wanted }, { packages: found }, machine);

test('what npm has installed of the lock fits it, without what other machines need', () => {
  expect(fits(installed)).toBe(true);
  const ofThat = { version: '1.0.0', optional: true };
  expect(fits(installed, { ...locked, 'node_modules/mac': ofMac, 'node_modules/of-mac': ofThat })).toBe(true);
});

test.each<[string, Record<string, object>]>([
  ['another version', { ...installed, 'node_modules/csv': { ...csv, version: '7.0.2' } }],
  ['other bytes', { ...installed, 'node_modules/csv': { ...csv, integrity: 'sha512-b' } }],
  ['a package from elsewhere', { ...installed, 'node_modules/own': { resolved: 'elsewhere', link: true } }],
  [
    'a package less, as without those of development',
    { 'node_modules/own': own, 'node_modules/linux': ofLinux },
  ],
  [
    'a package less that is optional, and for this machine',
    { 'node_modules/csv': csv, 'node_modules/own': own },
  ],
  ['a package more', { ...installed, 'node_modules/more': csv }],
  ['nothing', {}],
])('%s does not fit', (_what, found) => {
  expect(fits(found)).toBe(false);
});

test('what npm has installed here fits', () => {
  const read = (path: string) =>
    JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, object> };
  expect(fitsLock(read('package-lock.json'), read('node_modules/.package-lock.json'))).toBe(true);
});
