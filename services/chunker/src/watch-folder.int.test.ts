import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { appendFile, chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestFolder, until } from '@passbook/testing';
import { watchFolder, type FolderWatch } from './watch-folder.js';

const stableMs = 200;

let folder: { path: string; remove(): Promise<void> };
let watch: FolderWatch | undefined;
let seen: { name: string; atMs: number }[];
beforeEach(async () => {
  folder = await makeTestFolder();
  seen = [];
});
afterEach(async () => {
  await watch?.stop();
  await folder.remove();
});

function start(): void {
  watch = watchFolder({
    folder: folder.path,
    stableMs,
    onFile: (name) => seen.push({ name, atMs: performance.now() }),
    onFailure: (err) => {
      throw err;
    },
  });
}

const names = (): string[] => seen.map((one) => one.name);
const path = (name: string): string => join(folder.path, name);

test('hands on a file that was there before, once', async () => {
  await writeFile(path('before.csv'), 'a\n');
  start();
  await until('the file is handed on', () => names().includes('before.csv'));
  await writeFile(path('later.csv'), 'b\n');
  await until('the later one is, too', () => names().includes('later.csv'));
  expect(names()).toEqual(['before.csv', 'later.csv']);
});

test('hands on a file that is written slowly once, and only after it was whole', async () => {
  start();
  let writtenAtMs = 0;
  for (let n = 0; n < 6; n++) {
    // Longer than the time after which a file that never grew is taken.
    await pause(stableMs * 2);
    await appendFile(path('slow.csv'), `line ${n}`);
    writtenAtMs = performance.now();
  }
  await until('the file is handed on', () => seen.length > 0);
  expect(names()).toEqual(['slow.csv']);
  expect(seen[0]!.atMs - writtenAtMs).toBeGreaterThanOrEqual(stableMs * 5 - 1);
});

test('is more patient with a file whose last record has no line end', async () => {
  start();
  await writeFile(path('open.csv'), 'a,b\n1,2');
  const writtenAtMs = performance.now();
  await until('the file is handed on', () => seen.length > 0);
  expect(seen[0]!.atMs - writtenAtMs).toBeGreaterThanOrEqual(stableMs * 5 - 1);
});

test('takes a file that is renamed to its name', async () => {
  await writeFile(path('whole.csv.part'), 'a\n');
  start();
  await rename(path('whole.csv.part'), path('whole.csv'));
  await until('the file is handed on', () => names().includes('whole.csv'));
});

test('hands on a file again when it is forgotten, or when it is another one', async () => {
  await writeFile(path('a.csv'), '1\n');
  start();
  await until('once', () => seen.length === 1);
  watch!.forget('a.csv');
  await until('twice', () => seen.length === 2);
  await writeFile(path('new'), 'other\n');
  await rename(path('new'), path('a.csv'));
  await until('three times', () => names().filter((name) => name === 'a.csv').length === 3);
});

test('ignores folders, links, FIFOs, sockets, hidden files and what programs write before the real name', async () => {
  await mkdir(path('folder.csv'));
  execFileSync('mkfifo', [path('fifo.csv')]);
  const server = createServer().listen(path('socket.csv'));
  await writeFile(path('.hidden.csv'), 'a\n');
  await symlink('/etc/hostname', path('link.csv'));
  for (const name of ['a.tmp', 'a.part', 'a.csv~']) await writeFile(path(name), 'a\n');
  start();
  await writeFile(path('real.csv'), 'a\n');
  await until('the real one is handed on', () => names().includes('real.csv'));
  expect(names()).toEqual(['real.csv']);
  await new Promise((resolve) => server.close(resolve));
});

test('hands on a file that was put off after a pause, or as soon as its permissions change', async () => {
  await writeFile(path('locked.csv'), '1\n');
  start();
  await until('once', () => seen.length === 1);
  watch!.putOff('locked.csv');
  const putOffAtMs = performance.now();
  await writeFile(path('other.csv'), '1\n');
  await until('another one is handed on', () => seen.length === 2);
  expect(names()).toEqual(['locked.csv', 'other.csv']);
  await chmod(path('locked.csv'), 0o644);
  await until('twice', () => seen.length === 3);
  expect(performance.now() - putOffAtMs).toBeLessThan(9_000);
  // While it is at work, that it is another's now does not matter.
  await chmod(path('locked.csv'), 0o600);
  await writeFile(path('third.csv'), '1\n');
  await until('a third one is handed on', () => seen.length === 4);
  expect(names()).toEqual(['locked.csv', 'other.csv', 'locked.csv', 'third.csv']);
});

// Elsewhere no file can have such a name.
const onLinux = process.platform === 'linux' ? test : test.skip;
onLinux('tells of a file whose name is not UTF-8, once, and hands on the others', async () => {
  const failures: unknown[] = [];
  const name = Buffer.concat([Buffer.from(`${folder.path}/M`), Buffer.of(0xfc), Buffer.from('ller.csv')]);
  await writeFile(name, 'a\n');
  watch = watchFolder({
    folder: folder.path,
    stableMs,
    onFile: (file) => seen.push({ name: file, atMs: 0 }),
    onFailure: (err) => failures.push(err),
  });
  await until('it is told', () => failures.length > 0);
  await writeFile(path('Müller.csv'), 'a\n');
  await until('the other one is handed on', () => names().includes('Müller.csv'));
  expect(names()).toEqual(['Müller.csv']);
  expect(failures.map(String)).toEqual([expect.stringMatching(/not UTF-8.*Rename it/)]);
});

test('sees a folder that was moved away and came back', async () => {
  const failures: unknown[] = [];
  await mkdir(path('imports'));
  watch = watchFolder({
    folder: path('imports'),
    stableMs,
    onFile: (name) => seen.push({ name, atMs: 0 }),
    onFailure: (err) => failures.push(err),
  });
  await rename(path('imports'), path('away'));
  await until('it says so', () => failures.length > 0);
  await rename(path('away'), path('imports'));
  await writeFile(path('imports/a.csv'), 'a\n');
  await until('it works again', () => names().includes('a.csv'));
});
