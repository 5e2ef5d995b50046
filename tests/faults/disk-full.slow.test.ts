import { spawnSync } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { transactionRow, transactionsFile, until } from '@passbook/testing';
import type { Running } from '../run-passbook.js';
import { makeRows, makeWatchTrial, type WatchTrial } from './watch-trial.js';

/*
 * A full disk below one of the folders: a sentence says so with the path, and when there is room the import ends without a
 * restart, at the next look of the sweep (10 s) or of the reporter (30 s).
 */

let trial: WatchTrial;
beforeEach(async () => {
  trial = await makeWatchTrial();
});
afterEach(() => trial.remove());

/** Good rows and a bad one, so that there is something for each folder. */
const makeText = (rows: number): string =>
  transactionsFile([...makeRows(rows), transactionRow({ amount: 'x' })]);

const readSentence = (running: Running): Promise<string> =>
  until('it says that the disk is full', () =>
    running
      .output()
      .split('\n')
      .find((line) => line.includes('the disk is full')),
  );

/** The statements of the one import; none while its folder is not there. */
async function listStatements(): Promise<string[]> {
  const [folder] = await trial.place.list('reports');
  return folder === undefined ? [] : trial.place.list(`reports/${folder}`);
}

async function expectImported(rows: number): Promise<void> {
  expect(await trial.receipt('full.csv')).toMatchObject({ rowsPosted: rows, rowsQuarantined: 1 });
  await until('the statements are there', async () => (await listStatements()).includes('index.html'));
  const [folder] = await trial.place.list('reports');
  const written = await readdir(trial.at(`reports/${folder}`));
  expect(written.sort()).toEqual(['account-1.eml', 'account-1.html', 'account-1.json', 'index.html']);
  await trial.expectAllDone(rows);
}

test.each([
  ['imports', 'the copy', /^writeFile imports\//, 'imports/.claimed/'],
  ['processed', 'the name of the file', /^link .* -> processed\/full\.csv$/, 'processed/full.csv'],
  ['processed', 'the receipt', /^writeFile processed\//, 'processed/full.csv.receipt.json'],
  ['quarantine', 'any file', /^open quarantine\//, 'quarantine/.passbook-'],
  ['quarantine', 'the bad rows', /^writeFile quarantine\//, 'quarantine/full.csv.rows.csv'],
  ['reports', 'the folder', /^mkdir reports\//, 'reports/full-'],
  ['reports', 'a statement', /^writeFile reports\//, 'reports/full-'],
])(
  '%s has no room for %s: it is said, and what was kept waiting ends when there is room',
  async (folder, _, pattern, path) => {
    await trial.sign('full');
    const running = await trial.start({ full: { for: pattern, while: trial.at('full') } });
    await trial.drop('full.csv', makeText(1));
    expect(await readSentence(running)).toContain(trial.at(path));
    if (folder === 'reports') expect(await listStatements()).toEqual([]);
    else expect(await trial.place.list('processed')).not.toContain('full.csv.receipt.json');
    await rm(trial.at('full'));
    await expectImported(1);
  },
);

/** A file system of 1 MiB below a folder. @returns how it is taken away, also in use; or null where we may not mount any */
function mountSmall(path: string): (() => void) | null {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'passbook-test', path]);
  return status === 0 ? () => void spawnSync('umount', ['--lazy', path]) : null;
}

test.each(['processed', 'quarantine', 'reports'])(
  '%s is a file system of its own that is really full: the import ends when there is room',
  async (folder) => {
    const unmount = mountSmall(trial.at(folder));
    if (unmount === null) {
      process.stderr.write('disk full: no file system can be mounted here, so only the errors are shown\n');
      return;
    }
    try {
      const filler = trial.at(`${folder}/filler`);
      await writeFile(filler, Buffer.alloc(2 * 1024 * 1024)).catch((err: NodeJS.ErrnoException) =>
        expect(err.code).toBe('ENOSPC'),
      );
      const running = await trial.start();
      await trial.drop('full.csv', makeText(3000));
      expect(await readSentence(running)).toContain(trial.at(`${folder}/`));
      await rm(filler);
      await expectImported(3000);
    } finally {
      unmount();
    }
  },
);
