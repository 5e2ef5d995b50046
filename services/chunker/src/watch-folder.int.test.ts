import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { appendFile, chmod, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTestFolder, until } from '@passbook/testing';
import { watchFolder, type FolderWatch } from './watch-folder.js';

const stableMs = 200;
/** How often the watch looks: a file is given so much more. */
const lookEveryMs = 250;

let folder: { path: string; remove(): Promise<void> };
let watch: FolderWatch | undefined;
let seen: string[];
beforeEach(async () => {
  folder = await makeTestFolder();
  seen = [];
});
afterEach(async () => {
  await watch?.stop();
  await folder.remove();
});

function start(now?: () => number): void {
  watch = watchFolder({
    folder: folder.path,
    stableMs,
    onFile: (name) => seen.push(name),
    onFailure: (err) => {
      throw err;
    },
    ...(now && { now }),
  });
}

/** Starts with a clock that stands still until a test lets time pass: no machine is too slow for it. */
function startByClock(): { looked(): Promise<void>; pass(ms: number): Promise<void> } {
  let nowMs = 0;
  let asked = 0;
  start(() => {
    asked += 1;
    return nowMs;
  });
  /** Until a look that began later has ended: of each file the time is asked once, of a change once more. */
  const looked = async (): Promise<void> => {
    const before = asked;
    await until('the folder was looked at', async () => {
      // Wakes the watch, which ignores it.
      await writeFile(path('.wake'), '');
      return asked >= before + 4 * (await readdir(folder.path)).length;
    });
  };
  return {
    looked,
    async pass(ms) {
      nowMs += ms;
      await looked();
    },
  };
}

const names = (): string[] => seen;
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
  const clock = startByClock();
  await writeFile(path('slow.csv'), 'line 0\n');
  await clock.looked();
  // The pause of a writer that is as long as what a whole file is given.
  await clock.pass(stableMs);
  for (let n = 1; n < 5; n++) {
    expect(names()).toEqual([]);
    await appendFile(path('slow.csv'), `line ${n}\n`);
    await clock.looked();
    await clock.pass(stableMs * 5);
  }
  await clock.pass(lookEveryMs - 1);
  expect(names()).toEqual([]);
  await clock.pass(1);
  expect(names()).toEqual(['slow.csv']);
  await clock.pass(stableMs * 10);
  expect(names()).toEqual(['slow.csv']);
});

test('is more patient with a file whose last record has no line end', async () => {
  await writeFile(path('whole.csv'), 'a,b\n1,2\n');
  await writeFile(path('open.csv'), 'a,b\n1,2');
  // Only now: a file that is seen before its bytes are in it has grown.
  const clock = startByClock();
  await clock.looked();
  await clock.pass(stableMs + lookEveryMs);
  expect(names()).toEqual(['whole.csv']);
  await clock.pass(stableMs * 4 - 1);
  expect(names()).toEqual(['whole.csv']);
  await clock.pass(1);
  expect(names()).toEqual(['whole.csv', 'open.csv']);
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

test('hands on a file again that is forgotten at the very moment at which it is looked at', async () => {
  await writeFile(path('a.csv'), '1\n');
  let nowMs = 0;
  let isForgotten = false;
  start(() => {
    // The time is asked right before the file is: this comes between its question and the answer.
    if (isForgotten) queueMicrotask(() => watch!.forget('a.csv'));
    isForgotten = false;
    return (nowMs += stableMs + lookEveryMs);
  });
  await until('once', () => seen.length === 1);
  isForgotten = true;
  await until('twice', () => seen.length === 2);
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
  const clock = startByClock();
  await clock.looked();
  await clock.pass(stableMs + lookEveryMs);
  expect(names()).toEqual(['locked.csv']);
  watch!.putOff('locked.csv');
  await clock.pass(9_999);
  expect(names()).toEqual(['locked.csv']);
  await clock.pass(1);
  expect(names()).toEqual(['locked.csv', 'locked.csv']);
  watch!.putOff('locked.csv');
  await chmod(path('locked.csv'), 0o644);
  await clock.looked();
  expect(names()).toEqual(['locked.csv', 'locked.csv', 'locked.csv']);
  // While it is at work, that it is another's now does not matter.
  await chmod(path('locked.csv'), 0o600);
  await clock.looked();
  expect(names()).toHaveLength(3);
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
    onFile: (file) => seen.push(file),
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
    onFile: (name) => seen.push(name),
    onFailure: (err) => failures.push(err),
  });
  await rename(path('imports'), path('away'));
  await until('it says so', () => failures.length > 0);
  await rename(path('away'), path('imports'));
  await writeFile(path('imports/a.csv'), 'a\n');
  await until('it works again', () => names().includes('a.csv'));
});
