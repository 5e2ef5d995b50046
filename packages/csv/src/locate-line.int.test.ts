import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeTestFolder } from '@passbook/testing';
import fc from 'fast-check';
import { locateLine, type LinePlace } from './locate-line.js';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let path: string;
beforeAll(async () => {
  folder = await makeTestFolder();
  path = join(folder.path, 'lines.csv');
});
afterAll(() => folder.remove());

async function locate(text: string, line: number): Promise<LinePlace> {
  await writeFile(path, text);
  return locateLine(path, line);
}

describe('a line of a file', () => {
  const text = 'a,b\r\n1,"x\ny\r\nz"\r\n\n"2,q\r3,c\n\n\n';
  test.each<[number, LinePlace]>([
    [1, { kind: 'header', begins: 1 }],
    [2, { kind: 'record', begins: 2 }],
    [3, { kind: 'record', begins: 2 }],
    [4, { kind: 'record', begins: 2 }],
    [5, { kind: 'empty' }],
    // Its quotation mark is never closed: the record is this line alone.
    [6, { kind: 'record', begins: 6 }],
    [7, { kind: 'record', begins: 7 }],
    [8, { kind: 'empty' }],
    [9, { kind: 'empty' }],
    [10, { kind: 'beyond', lines: 9 }],
  ])('%d is found', async (line, place) => {
    expect(await locate(text, line)).toEqual(place);
  });

  test('may be inside the header, before it, or in a file without any', async () => {
    expect(await locate('\n"a\nb",c\n', 1)).toEqual({ kind: 'empty' });
    expect(await locate('\n"a\nb",c\n', 3)).toEqual({ kind: 'header', begins: 2 });
    expect(await locate('', 1)).toEqual({ kind: 'beyond', lines: 0 });
    expect(await locate('\n', 1)).toEqual({ kind: 'empty' });
  });

  test('is what the cells around it say, with any line ends', async () => {
    const cell = fc.constantFrom('x', '"x"', '"x\ny"', '"\r"', '"a\r\nb\rc"');
    const lineEnd = fc.constantFrom('\n', '\r\n');
    const piece = fc.record({ cells: fc.array(cell, { maxLength: 3 }), lineEnd });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.boolean(), async (pieces, endsInLine) => {
        const expected: LinePlace[] = [];
        for (const { cells } of pieces) {
          const begins = expected.length + 1;
          const isHeader = !expected.some((place) => place.kind !== 'empty');
          const kind = isHeader ? 'header' : 'record';
          const lines = cells.join().split(/\r\n|\r|\n/).length;
          for (let at = 0; at < lines; at++)
            expected.push(cells.length === 0 ? { kind: 'empty' } : { kind, begins });
        }
        const whole = pieces.map(({ cells, lineEnd: end }) => cells.join() + end).join('');
        const isCut = !endsInLine && (pieces.at(-1)?.cells.length ?? 0) > 0;
        await writeFile(path, isCut ? whole.replace(/\r?\n$/, '') : whole);
        for (const [at, place] of expected.entries()) expect(await locateLine(path, at + 1)).toEqual(place);
        const beyond = { kind: 'beyond', lines: expected.length };
        expect(await locateLine(path, expected.length + 1)).toEqual(beyond);
      }),
      { numRuns: 60 },
    );
  });
});
