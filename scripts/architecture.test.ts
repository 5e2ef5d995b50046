import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = new URL('..', import.meta.url);

/** The tests that the last cell of each row of the failure table names: a file, and words of its claims. */
function readFailureTable(): { row: string; file: string; words: string[] }[] {
  const text = readFileSync(new URL('ARCHITECTURE.md', root), 'utf8');
  const table = text.slice(text.indexOf('## What each step leaves'), text.indexOf('## Decisions'));
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  return rows.flatMap((line) => {
    const [row, , , tests] = line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim());
    const named = [...tests!.matchAll(/`([^`]+)`((?:[:,] "[^"]+")*)/g)];
    expect([row, named.length > 0]).toEqual([row, true]);
    return named.map(([, file, words]) => ({
      row: row!,
      file: file!,
      words: [...words!.matchAll(/"([^"]+)"/g)].map((match) => match[1]!),
    }));
  });
}

test('every row of the failure table names tests that exist, with claims that they make', () => {
  const files = ['packages', 'services', 'tests'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  );
  const table = readFailureTable();
  expect(table.length).toBeGreaterThan(25);
  for (const { row, file, words } of table) {
    const path = files.find((one) => one.endsWith(`/${file}.test.ts`) && !one.includes('node_modules'));
    expect([row, file, path !== undefined]).toEqual([row, file, true]);
    const content = readFileSync(new URL(path!, root), 'utf8');
    for (const claim of words) expect([file, claim, content.includes(claim)]).toEqual([file, claim, true]);
  }
});
