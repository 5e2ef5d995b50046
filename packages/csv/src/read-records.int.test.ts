import { mkdtemp, open, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readRecords, type ReadOptions } from './read-records.js';
import { makeRecordReader, type CsvRecord } from './record-reader.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passbook-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(content: string | Uint8Array): Promise<string> {
  const path = join(folder, 'file.csv');
  await writeFile(path, content);
  return path;
}

async function readAll(
  path: string,
  options?: ReadOptions,
): Promise<{ records: CsvRecord[]; bytesRead: number[] }> {
  const all = { records: [] as CsvRecord[], bytesRead: [] as number[] };
  for await (const { records, bytesRead } of readRecords(path, options)) {
    all.records.push(...records);
    all.bytesRead.push(bytesRead);
  }
  return all;
}

const cellsOf = async (content: string | Uint8Array, options?: ReadOptions): Promise<string[][]> =>
  (await readAll(await write(content), options)).records.map(({ cells }) => cells);

/** Quicker to compare than the record itself. */
const describeRecord = ({ line, cells, size, fault }: CsvRecord): string =>
  `${line} ${size} ${fault} ${cells.join('|')}`;

/** Linux only: elsewhere the claim is not tried. */
async function countOpen(path: string): Promise<number> {
  const links = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => '')));
  return targets.filter((target) => target === path).length;
}

describe('readRecords', () => {
  test('reads a file of many pieces as one text, cut inside characters or not', async () => {
    for (const row of ['plain,row,of,text\n', 'é,€,😀,"x\r\ny"\r\n', `a,${'b'.repeat(997)}\r\n`]) {
      for (const start of ['', 'a', 'é', '€', '😀']) {
        const text = start + row.repeat(Math.ceil(1_200_000 / Buffer.byteLength(row)));
        const reader = makeRecordReader();
        const expected = [...reader.push(text), ...reader.end()];
        const { records, bytesRead } = await readAll(await write(text));
        expect(records.length).toBe(expected.length);
        expect(
          records.filter((record, at) => describeRecord(record) !== describeRecord(expected[at]!)),
        ).toEqual([]);
        expect(bytesRead.at(-1)).toBe(Buffer.byteLength(text));
        expect(bytesRead).toEqual(bytesRead.toSorted((a, b) => a - b));
      }
    }
  });

  test.each([
    ['of one character', 'x', 'ROW_TOO_LARGE'],
    ['of commas', ',', 'ROW_TOO_LARGE'],
    ['of quotation marks', '"', 'ROW_TOO_LARGE'],
    ['that begins in a quoted cell', '"a""b,', 'QUOTE'],
  ])('passes over a line of 100 MB %s in constant memory', async (_what, text, fault) => {
    const path = join(folder, 'long.csv');
    const file = await open(path, 'w');
    await file.write('a,b\n');
    const megabyte = Buffer.alloc(1024 * 1024, text);
    for (let n = 0; n < 100; n++) await file.write(megabyte);
    await file.write('\n1,2\n');
    await file.close();
    const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external;
    const before = used();
    let most = 0;
    const found: unknown[] = [];
    for await (const { records } of readRecords(path)) {
      most = Math.max(most, used() - before);
      for (const record of records) found.push([record.line, record.fault]);
    }
    expect(found).toEqual([
      [1, undefined],
      [2, fault],
      [3, undefined],
    ]);
    expect(most / 1024 / 1024).toBeLessThan(48);
  });

  test('skips a byte order mark at the start, and only there', async () => {
    expect(await cellsOf('\ufeff"a",b\n')).toEqual([['a', 'b']]);
    expect(await cellsOf('\ufeff\ufeffa\n\ufeffb\n')).toEqual([['\ufeffa'], ['\ufeffb']]);
    // ... nor where a piece begins that is the first one with more than ASCII.
    const [first, second] = await cellsOf(`${'a'.repeat(64 * 1024 - 1)}\n\ufeffb`);
    expect([first![0]!.length, second]).toEqual([64 * 1024 - 1, ['\ufeffb']]);
  });

  test('reads an empty file, and one of a byte order mark only', async () => {
    expect(await cellsOf('')).toEqual([]);
    expect(await cellsOf('\ufeff')).toEqual([]);
  });

  test('takes the options of the reader', async () => {
    expect(await cellsOf('a;b\n', { delimiter: ';' })).toEqual([['a', 'b']]);
  });

  test('reads what is packed and in another encoding as it reads the same plain, and tells its place in the file', async () => {
    const text = 'a,é,"Müller, ""x""\r\ny"\r\n'.repeat(30_000);
    const plain = await readAll(await write(text));
    const half = text.length / 2;
    const latin1 = (part: string): Buffer => gzipSync(Buffer.from(part, 'latin1'));
    const packed = Buffer.concat([latin1(text.slice(0, half)), latin1(text.slice(half))]);
    for (const encoding of ['windows-1252', 'iso-8859-1'] as const) {
      const read = await readAll(await write(packed), { decoding: { compression: 'gzip', encoding } });
      expect(read.records.map(describeRecord)).toEqual(plain.records.map(describeRecord));
      expect(read.bytesRead.at(-1)).toBe(packed.length);
      expect(read.bytesRead).toEqual(read.bytesRead.toSorted((a, b) => a - b));
    }
    const euro = { decoding: { compression: 'none', encoding: 'windows-1252' } } as const;
    expect(await cellsOf(Buffer.of(0x80, 44, 0x9f), euro)).toEqual([['€', 'Ÿ']]);
    await expect(cellsOf(Buffer.of(0x81), euro)).rejects.toThrow('windows-1252');
  });

  test('throws when what is packed is damaged, and closes the file', async () => {
    const bytes = gzipSync('a,b\n'.repeat(100_000)).subarray(0, -1);
    const packed = { decoding: { compression: 'gzip', encoding: 'utf-8' } } as const;
    await expect(cellsOf(bytes, packed)).rejects.toThrow('end of file');
    expect(await countOpen(join(folder, 'file.csv'))).toBe(0);
  });

  test('throws when the file is not UTF-8, also at its very end or between two pieces', async () => {
    const cut = Buffer.from('😀').subarray(0, 3);
    const ascii = Buffer.alloc(64 * 1024, 'a');
    for (const content of [
      [cut],
      [ascii.subarray(3), cut, ascii],
      [ascii.subarray(3), cut, ascii, Buffer.of(0x80)],
      [ascii, Buffer.of(0xe9), ascii],
    ]) {
      await expect(cellsOf(Buffer.concat(content))).rejects.toMatchObject({
        code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
      });
    }
  });

  test('closes the file when the loop ends early, and when it fails', async () => {
    const path = await write('a,b\n'.repeat(100_000));
    for await (const { records } of readRecords(path)) {
      if (process.platform === 'linux') expect(await countOpen(path)).toBe(1);
      if (records.length > 0) break;
    }
    expect(await countOpen(path)).toBe(0);
    await expect(cellsOf(Buffer.of(0xff, 0x0a))).rejects.toThrow();
    expect(await countOpen(path)).toBe(0);
  });

  test('throws the error of a file that is not there', async () => {
    await expect(readAll(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
