import { existsSync } from 'node:fs';
import { link, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import { placeFile, writeFileOnce } from './place-file.js';

let folder: { path: string; remove(): Promise<void> };
let source: string;
let target: string;
let staged: string;
beforeEach(async () => {
  folder = await makeTestFolder();
  source = join(folder.path, 'source');
  target = join(folder.path, 'target.csv');
  staged = join(folder.path, '.staged');
  await writeFile(source, 'ours');
});
afterEach(() => folder.remove());

describe('placing a file under a name', () => {
  test('never overwrites a file that has the name', async () => {
    await writeFile(target, 'of others');
    expect(await placeFile(source, target, staged)).toBe(false);
    expect(await readFile(target, 'utf8')).toBe('of others');
  });

  test('never overwrites one with the same bytes either: it is not ours', async () => {
    await writeFile(target, 'ours');
    expect(await placeFile(source, target, staged)).toBe(false);
  });

  test('knows after a restart that it was done', async () => {
    expect(await placeFile(source, target, staged)).toBe(true);
    expect(await placeFile(source, target, staged)).toBe(true);
    expect(await readdir(folder.path)).toEqual(['source', 'target.csv']);
  });

  test('never writes through a link that has the name', async () => {
    const elsewhere = join(folder.path, 'elsewhere');
    await writeFile(elsewhere, 'of others');
    await symlink(elsewhere, target);
    expect(await placeFile(source, target, staged)).toBe(false);
    expect(await readFile(elsewhere, 'utf8')).toBe('of others');
  });
});

// Most machines have memory mounted there; where there is none, the tests of Compose have two bind mounts.
const other = '/dev/shm';
const isOtherFileSystem = existsSync(other);
(isOtherFileSystem ? describe : describe.skip)('placing a file on another file system', () => {
  let far: string;
  beforeEach(async () => {
    far = await mkdtemp(join(other, 'passbook-test-'));
    expect((await stat(far)).dev).not.toBe((await stat(folder.path)).dev);
  });
  afterEach(() => rm(far, { recursive: true, force: true }));

  test('copies it, never overwrites, and knows after a restart that it was done', async () => {
    const [farTarget, farStaged] = [join(far, 'target.csv'), join(far, '.staged')];
    expect(await placeFile(source, farTarget, farStaged)).toBe(true);
    expect(await readFile(farTarget, 'utf8')).toBe('ours');
    expect(await placeFile(source, farTarget, farStaged)).toBe(true);
    expect((await readdir(far)).sort()).toEqual(['.staged', 'target.csv']);
  });

  test('goes on after a kill in the middle of the copy', async () => {
    const [farTarget, farStaged] = [join(far, 'target.csv'), join(far, '.staged')];
    await writeFile(farStaged, 'ou');
    expect(await placeFile(source, farTarget, farStaged)).toBe(true);
    expect(await readFile(farTarget, 'utf8')).toBe('ours');
  });

  test('leaves a file of others alone', async () => {
    const [farTarget, farStaged] = [join(far, 'target.csv'), join(far, '.staged')];
    await writeFile(farTarget, 'of others');
    expect(await placeFile(source, farTarget, farStaged)).toBe(false);
    expect(await readFile(farTarget, 'utf8')).toBe('of others');
  });
});

describe('writing a receipt', () => {
  test('again with the same bytes leaves the one file', async () => {
    expect(await writeFileOnce(target, ['a', 'b'])).toBe('target.csv');
    expect(await writeFileOnce(target, ['ab'])).toBe('target.csv');
    expect((await readdir(folder.path)).sort()).toEqual(['source', 'target.csv']);
  });

  test('takes a numbered name where a file of others has the name', async () => {
    await writeFile(target, 'of others');
    expect(await writeFileOnce(target, ['ours'])).toBe('target-2.csv');
    expect(await readFile(target, 'utf8')).toBe('of others');
    expect(await readFile(join(folder.path, 'target-2.csv'), 'utf8')).toBe('ours');
  });

  test('leaves nothing half-written when it fails', async () => {
    const failing = async function* (): AsyncGenerator<string> {
      yield 'half';
      await Promise.reject(new Error('The disk is full.'));
    };
    await expect(writeFileOnce(target, failing())).rejects.toThrow('The disk is full.');
    expect(await readdir(folder.path)).toEqual(['source']);
  });

  test('does not take a second name of our own file for a file of others', async () => {
    await link(source, target);
    expect(await writeFileOnce(target, ['ours'])).toBe('target.csv');
  });
});
