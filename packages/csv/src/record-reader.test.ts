import { describe, expect, test } from '@jest/globals';
import { makeRecordReader, type CsvRecord, type RecordReaderOptions } from './record-reader.js';

function read(text: string, options?: RecordReaderOptions): CsvRecord[] {
  const reader = makeRecordReader(options);
  return [...reader.push(text), ...reader.end()];
}

describe('a text', () => {
  test.each<[string, string, [line: number, ...cells: string[]][]]>([
    [
      'is records of cells',
      'a,b\nc,d\n',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    ],
    [
      'may end without a line end',
      'a,b\nc,',
      [
        [1, 'a', 'b'],
        [2, 'c', ''],
      ],
    ],
    [
      'may mix line ends',
      'a\rb\r\nc\nd',
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
        [4, 'd'],
      ],
    ],
    [
      'may have empty lines, which count',
      '\n\na\r\r\n\r\nb\n\n',
      [
        [3, 'a'],
        [6, 'b'],
      ],
    ],
    [
      'may have lines of blanks, which are records',
      ' \n,\n',
      [
        [1, ' '],
        [2, '', ''],
      ],
    ],
    [
      'may quote cells',
      '"a, ""b""",""\n""\n',
      [
        [1, 'a, "b"', ''],
        [2, ''],
      ],
    ],
    [
      'may have line ends in cells, which count',
      '"a\r\nb\rc\n\n",d\ne',
      [
        [1, 'a\r\nb\rc\n\n', 'd'],
        [6, 'e'],
      ],
    ],
    ['keeps a byte order mark: it is for the reader of a file', '\ufeffa', [[1, '\ufeffa']]],
    ['keeps blanks around a cell', ' a , b', [[1, ' a ', ' b']]],
    ['may be empty', '', []],
  ])('%s', (_claim, text, expected) => {
    const records = read(text);
    expect(records.map(({ line, cells }) => [line, ...cells])).toEqual(expected);
    expect(records.some(({ fault }) => fault)).toBe(false);
  });

  test('may have another delimiter', () => {
    expect(read('a;"b;";c,d\n;\n', { delimiter: ';' }).map(({ cells }) => cells)).toEqual([
      ['a', 'b;', 'c,d'],
      ['', ''],
    ]);
    expect(read('a\t"b"\t\n', { delimiter: '\t' })[0]!.cells).toEqual(['a', 'b', '']);
  });

  test.each(['', ',,', '"', '\n', '\r'])('cannot have the delimiter %j', (delimiter) => {
    expect(() => makeRecordReader({ delimiter })).toThrow(RangeError);
  });

  test('has no text behind a closing quotation mark, not even NUL, which csv-parse lets pass', () => {
    expect(read('"a"\0b\nc')).toEqual([
      { line: 1, cells: [], size: 6, fault: 'QUOTE', raw: '"a"\0b' },
      { line: 2, cells: ['c'], size: 1 },
    ]);
  });
});

describe('a faulty quotation mark', () => {
  test.each<[string, string]>([
    ['inside a cell', 'a"b,c'],
    ['after a blank', 'a, "b"'],
    ['followed by text', '"a"b,c'],
    ['never closed', 'a,"b'],
    ['doubled at the start, then text', '""a'],
    ['after a byte order mark', '\ufeff"a"'],
  ])('%s costs its own line only', (_what, line) => {
    expect(read(`x,y\n${line}\n1,2\n3,4`)).toEqual([
      { line: 1, cells: ['x', 'y'], size: 4 },
      { line: 2, cells: [], size: line.length + 1, fault: 'QUOTE', raw: line },
      { line: 3, cells: ['1', '2'], size: 4 },
      { line: 4, cells: ['3', '4'], size: 3 },
    ]);
  });

  test('that swallows lines up to the next quotation mark gives them back', () => {
    expect(
      read('"a,b\n1,2\n"c"x\n3,4\n').map(({ line, cells, fault }) => [line, fault ?? cells.join()]),
    ).toEqual([
      [1, 'QUOTE'],
      [2, '1,2'],
      [3, 'QUOTE'],
      [4, '3,4'],
    ]);
  });

  test('that is never closed is given up when a record would be too large', () => {
    const reader = makeRecordReader({ recordCharsMax: 1000 });
    const rows = 'a,b,c\n'.repeat(1000);
    const records = reader.push(`"\n${rows}`);
    expect(records[0]).toEqual({ line: 1, cells: [], size: 2, fault: 'QUOTE', raw: '"' });
    expect(records).toHaveLength(1001);
  });
});

describe('a record that is too large', () => {
  test('is one faulty record, and the next line is read', () => {
    const text = `a,b\n${'x'.repeat(20)}\nc,d\n`;
    expect(read(text, { recordCharsMax: 19 })).toEqual([
      { line: 1, cells: ['a', 'b'], size: 4 },
      { line: 2, cells: [], size: 21, fault: 'ROW_TOO_LARGE', raw: 'x'.repeat(19) },
      { line: 3, cells: ['c', 'd'], size: 4 },
    ]);
    expect(read(text, { recordCharsMax: 20 })[1]).toEqual({ line: 2, cells: ['x'.repeat(20)], size: 21 });
  });

  test('counts the lines of its quoted cells', () => {
    const records = read(`"a\n\nb",${'x'.repeat(20)}\nc\n`, { recordCharsMax: 20 });
    expect(records.map(({ line, fault }) => [line, fault])).toEqual([
      [1, 'ROW_TOO_LARGE'],
      [4, undefined],
    ]);
  });

  test('has a default of 262,144 characters', () => {
    expect(read('x'.repeat(262_144))[0]!.fault).toBeUndefined();
    expect(read('x'.repeat(262_145))[0]!.fault).toBe('ROW_TOO_LARGE');
  });

  test('is not kept while it is passed over', () => {
    const reader = makeRecordReader({ recordCharsMax: 100 });
    const piece = 'x'.repeat(1_000_000);
    reader.push('x');
    let records: CsvRecord[] = [];
    // Two thousand million characters: no string can be as long.
    for (let count = 0; count < 2000; count += 1) records = records.concat(reader.push(piece));
    expect(records).toEqual([]);
    expect(reader.push('\na\n')).toEqual([
      { line: 1, cells: [], size: 2_000_000_002, fault: 'ROW_TOO_LARGE', raw: 'x'.repeat(100) },
      { line: 2, cells: ['a'], size: 2 },
    ]);
  });
});

describe('the work', () => {
  test.each<[string, string]>([
    ['no quotation mark and no delimiter', 'a\n'],
    ['only carriage returns', 'a,b\r'],
    ['a faulty quotation mark on every line, followed by text', 'a,"b" c\n'],
    ['a faulty quotation mark on every line, inside a cell', 'a"\n'],
    ['a faulty quotation mark on every line, closed by the next', 'a,"b\n'],
    ['a faulty quotation mark on every line, closed twice over', '"""b\n'],
    ['a faulty quotation mark on every line, with doubled ones after it', '"a""\n'],
    ['a faulty quotation mark on every other line', '"a\nb,c\n'],
    ['a faulty quotation mark on every third line, between lines with pairs', 'x,"\n"""",a\n"",""\n'],
    ['a faulty quotation mark before lines with doubled ones', `"a\n${'b,""\n'.repeat(9)}`],
  ])('for a hundred thousand lines with %s is linear', (_what, pattern) => {
    const text = pattern.repeat(100_000 / pattern.match(/\r|\n/g)!.length);
    for (const recordCharsMax of [500, 262_144, 1e9]) {
      const reader = makeRecordReader({ recordCharsMax });
      const work = countWork(() => [reader.push(text), reader.end()]);
      expect(work / text.length).toBeLessThan(12);
    }
  });
});

/** How many characters are looked at: each search from where it begins to where it ends. */
function countWork(run: () => void): number {
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { indexOf, charCodeAt } = String.prototype;
  let work = 0;
  String.prototype.indexOf = function (this: string, what: string, from = 0) {
    const found = indexOf.call(this, what, from);
    work += (found === -1 ? this.length : found) - from + 1;
    return found;
  };
  String.prototype.charCodeAt = function (this: string, at: number) {
    work += 1;
    return charCodeAt.call(this, at);
  };
  try {
    run();
  } finally {
    Object.assign(String.prototype, { indexOf, charCodeAt });
  }
  return work;
}
