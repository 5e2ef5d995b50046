import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fileCodes, holdCodes, rowCodes } from './codes.js';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/codes.md', root), 'utf8');
const [rows, files, holds] = page.slice(page.indexOf('## Rows')).split(/## Files|## Held files/) as [
  string,
  string,
  string,
];

/** The code, and the test with its claim, of each row of a table. */
const readTable = (text: string): { code: string; file: string; claim: string }[] =>
  [...text.matchAll(/^\| `([A-Z_0-9]+)` .* \| `([^`]+)`: "([^"]+)" +\|$/gm)].map(([, code, file, claim]) => ({
    code: code!,
    file: file!,
    claim: claim!,
  }));

test('the page of codes explains each code, and no other', () => {
  expect(readTable(rows).map(({ code }) => code)).toEqual(rowCodes);
  expect(readTable(files).map(({ code }) => code)).toEqual(fileCodes);
  expect(readTable(holds).map(({ code }) => code)).toEqual(holdCodes);
});

test('each code has a test that names it, with the claim that the page repeats', () => {
  const paths = ['packages', 'services', 'tests'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  );
  for (const { code, file, claim } of [...readTable(rows), ...readTable(files), ...readTable(holds)]) {
    const path = paths.find((one) => one.endsWith(`/${file}.test.ts`) && !one.includes('node_modules'));
    expect([code, file, path !== undefined]).toEqual([code, file, true]);
    const text = readFileSync(new URL(path!, root), 'utf8');
    expect([code, text.includes(claim), text.includes(code)]).toEqual([code, true, true]);
  }
});
