import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeCsvRecord } from '@passbook/csv';
import { guardCell, restoreCell } from './guard-cell.js';
import { openMendedFile } from './mended-file.js';

describe('a cell of rows.csv', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+41 79', "'+41 79"],
    ['-x', "'-x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ["'=x", "''=x"],
    ['-', "'-"],
    ['-12.50', '-12.50'],
    ['+5', '+5'],
    ["'quoted'", "'quoted'"],
    ['', ''],
    ['a=b', 'a=b'],
  ])('%j is written as %j', (cell, written) => {
    expect(guardCell(cell)).toBe(written);
    expect(restoreCell(written)).toBe(cell);
  });

  test('is never a formula, and gives the cell of the file again, whatever that was', () => {
    const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."'=+-@\t\r1.a"), maxLength: 6 }));
    fc.assert(
      fc.property(cell, (text) => {
        const written = guardCell(text);
        expect(restoreCell(written)).toBe(text);
        if (/^[=+\-@\t\r]/.test(written)) expect(written).toMatch(/^[+-]\d+(\.\d+)?$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a mended file', () => {
  const header = ['A', 'b', '_import', '_line', '_column', '_code', '_message', '_text'];
  const file = openMendedFile(header)!;
  const read = (cells: string[]) => file.read({ line: 7, cells, size: 1 });
  const own = ['id', '3', '', 'X', 'Y.'];

  test('is one with the columns of rows.csv, wherever they are, with its text or without', () => {
    expect(file.header).toEqual(['A', 'b']);
    expect(openMendedFile([...header].reverse())?.header).toEqual(['b', 'A']);
    expect(openMendedFile(header.slice(0, -1))?.header).toEqual(['A', 'b']);
    expect(openMendedFile(header.filter((name) => name !== '_code'))).toBeNull();
    expect(openMendedFile(['A', 'b'])).toBeNull();
  });

  test('has the cells of the first file', () => {
    expect(read(["'=1", '-2.5', ...own, ''])).toMatchObject({ line: 7, cells: ['=1', '-2.5'] });
    expect(file.importIdOf({ line: 7, cells: ['1', '2', ...own], size: 1 })).toBe('id');
  });

  test('has a row in its text, while its cells are empty', () => {
    expect(read(['', '', ...own, encodeCsvRecord(['x,"y', 'z']).trimEnd()])).toMatchObject({
      line: 7,
      cells: ['x,"y', 'z'],
    });
    expect(read(['1', '', ...own, 'x,y'])).toMatchObject({ cells: ['1', ''] });
    expect(read(['', '', ...own, 'x,y,z'])).toMatchObject({ cells: ['x', 'y', 'z'] });
    expect(read(['', '', ...own, 'x"y'])).toMatchObject({ fault: 'QUOTE', raw: 'x"y' });
    expect(read(['', '', ...own, 'x\ny'])).toMatchObject({ fault: 'QUOTE', raw: 'x\ny' });
  });

  test('keeps a row that is too short or too long', () => {
    expect(read(['1'])).toMatchObject({ cells: ['1'] });
    expect(read(['1', '2', ...own, '', 'more'])).toMatchObject({ cells: ['1', '2', 'more'] });
  });
});
