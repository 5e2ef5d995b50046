import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = new URL('..', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The tests that the last cell of each row of a text's tables names: a file, and words of its claims. */
function readTables(text: string): { row: string; file: string; words: string[] }[] {
  const rows = text.split('\n').filter((line, at, lines) => {
    // Not the names of the columns, and not the line below them.
    const isHead = lines[at + 1]?.startsWith('| --') || line.startsWith('| --');
    return line.startsWith('| ') && !isHead;
  });
  return rows.flatMap((line) => {
    const cells = line.slice(2, -2).split(' | ');
    const row = cells[0]!.trim();
    const named = [...cells.at(-1)!.matchAll(/`([^`]+)`((?:[:,] "[^"]+")*)/g)];
    expect([row, named.length > 0]).toEqual([row, true]);
    return named.map(([, file, words]) => ({
      row,
      file: file!,
      words: [...words!.matchAll(/"([^"]+)"/g)].map((match) => match[1]!),
    }));
  });
}

const architecture = read('ARCHITECTURE.md');
test.each([
  [
    'the failure table',
    architecture.slice(
      architecture.indexOf('## What each step leaves'),
      architecture.indexOf('## Decisions'),
    ),
    25,
  ],
  ['the tables of what is dropped', read('docs/input.md'), 35],
])('every row of %s names tests that exist, with claims that they make', (_what, text, rowsMin) => {
  const files = ['packages', 'services', 'tests'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  );
  const table = readTables(text);
  expect(new Set(table.map(({ row }) => row)).size).toBeGreaterThan(rowsMin);
  for (const { row, file, words } of table) {
    const path = files.find((one) => one.endsWith(`/${file}.test.ts`) && !one.includes('node_modules'));
    expect([row, file, path !== undefined]).toEqual([row, file, true]);
    const content = read(path!);
    for (const claim of words) expect([file, claim, content.includes(claim)]).toEqual([file, claim, true]);
  }
});
