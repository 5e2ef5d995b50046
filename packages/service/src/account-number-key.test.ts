import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { UserError } from '@passbook/runtime';
import { obtainAccountNumberKey } from './account-number-key.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passbook-key-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('many first runs at once make one key, and all use it', async () => {
  const keys = await Promise.all(Array.from({ length: 40 }, () => obtainAccountNumberKey(undefined, folder)));
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(await readdir(folder)).toEqual(['account-number.key']);
  expect(await readFile(join(folder, 'account-number.key'), 'utf8')).toBe(keys[0]);
});

test('an empty file is not taken for a key', async () => {
  await writeFile(join(folder, 'account-number.key'), '');
  await expect(obtainAccountNumberKey(undefined, folder)).rejects.toThrow(UserError);
});

test('a key that is given is not kept', async () => {
  expect(await obtainAccountNumberKey('a key of my own', folder)).toBe('a key of my own');
  expect(await readdir(folder)).toEqual([]);
});
