import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '@passbook/testing';
import { generateTransactions } from '../../../scripts/generate-transactions.mjs';

/** What is done to imports/: each step drops something, the last ones while faults are at work. */
export interface DropStep {
  /** Name in imports/ → kept copy of the bytes. All at once. */
  files: readonly { name: string; path: string }[];
  /** A while after, the first file is replaced by this content, or deleted (null). Undefined: it is left alone. */
  then?: { afterMs: number; replacement: string | null };
}

const header =
  'account_number,first_name,last_name,dob,email,type,operation_id,transaction_ts,transaction\r\n';

/** Account, holder and type; id; time; amount. None of the last three cells ever has a comma or a quotation mark. */
const goodRow = /^(.*),([0-9a-f-]{36}),(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(-?\d+(?:\.\d{1,2})?)$/;

/**
 * Writes the files of a seed into a folder. They share their accounts; `overlap.csv` is an export that repeats rows of
 * `first.csv`, itself and others (across windows), contradicts some, and says other things of some holders.
 */
export async function makeInputs(
  folder: string,
  seed: number,
  rows: number,
  random: Random,
): Promise<DropStep[]> {
  const keep = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const accounts = random.choose([7, 40, 150]);
  let files = 0;
  const generate = (share: number, bad = 0): string => {
    const operations = Math.max(2, Math.round((rows * share) / accounts));
    // Another range gives other operations on the same accounts.
    const from = `2021-01-${String(++files).padStart(2, '0')}`;
    return [...generateTransactions({ accounts, operations, seed, bad, from })].join('');
  };
  const more = async (): Promise<DropStep['files'][0]> => {
    const name = `more-${files}.csv`;
    return { name, path: await keep(name, generate(0.07, 0.003)) };
  };
  const first = generate(0.2, 0.005);
  const second = generate(0.14, 0.002);
  const firstPath = await keep('first.csv', first);
  const secondPath = await keep('second.csv', second);
  const overlapPath = await keep('overlap.csv', makeOverlap(first, generate(0.08), random));
  const begin: DropStep = {
    files: [
      { name: 'first.csv', path: firstPath },
      { name: 'second.csv', path: secondPath },
    ],
  };
  // Each has rows that nobody has seen: whatever happens after it meets somebody at work.
  const steps: DropStep[] = [
    { files: [{ name: 'overlap.csv', path: overlapPath }] },
    {
      files: [
        { name: 'second again.csv', path: secondPath },
        { name: 'Zweite, noch einmal (ü).csv', path: secondPath },
        await more(),
      ],
    },
    {
      files: [{ name: 'replaced.csv', path: await keep('replaced-1.csv', generate(0.06)) }],
      then: {
        afterMs: random.between(0, 2500),
        replacement: await keep('replaced-2.csv', generate(0.05, 0.01)),
      },
    },
    {
      files: [{ name: 'deleted.csv', path: await keep('deleted.csv', generate(0.06)) }],
      then: { afterMs: random.between(0, 2500), replacement: null },
    },
    {
      files: [
        { name: 'header only.csv', path: await keep('header-only.csv', header) },
        { name: 'no header.csv', path: await keep('no-header.csv', second.slice(header.length, 5000)) },
        { name: 'first.csv', path: firstPath },
        await more(),
      ],
    },
    { files: [await more()] },
    { files: [await more()] },
  ];
  return [begin, ...random.shuffle(steps)];
}

function makeOverlap(first: string, other: string, random: Random): string {
  const good = rowsOf(first).filter((row) => goodRow.test(row));
  const taken = random.shuffle(good).slice(0, Math.ceil(good.length / 4));
  const changed = taken.slice(0, Math.ceil(taken.length / 50)).map((row, at) => {
    const [, beginning, id, time, amount] = goodRow.exec(row)!;
    return at % 2 === 0
      ? `${beginning},${id},${time},${amount === '7.77' ? '8.88' : '7.77'}`
      : `${beginning},${id},1999-12-31 23:59:59,${amount}`;
  });
  const own = rowsOf(other);
  // Of each of these one row comes first, and the other one far from it, mostly in another window.
  const repeated = own.slice(0, Math.ceil(own.length / 20));
  const renamed = own
    .splice(-Math.ceil(own.length / 100))
    .map((row) =>
      row.replace(/,(credit|debit),/, (_, type) => `,${type === 'credit' ? 'debit' : 'credit'},`),
    );
  return `${header}${random.shuffle([...taken, ...changed, ...own, ...repeated, ...renamed]).join('\n')}\n`;
}

function rowsOf(file: string): string[] {
  return file.slice(header.length).trimEnd().split('\r\n');
}
