/*
 * What a file is that is no text, by the bytes that such files begin with.
 */

/** What a file was found to be, and what can be done about it. */
export interface Packing {
  name: string;
  hint: string;
}

const UNPACK = 'Unpack it, and drop the CSV files that are in it.';
const SAVE = 'Open it in the program that made it, and save it as CSV in UTF-8.';

const packings: readonly (Packing & { begins: readonly string[] })[] = [
  { name: 'a ZIP archive', hint: UNPACK, begins: ['504b0304', '504b0506', '504b0708'] },
  { name: 'packed with bzip2', hint: UNPACK, begins: '123456789'.split('').map(bzip2) },
  { name: 'packed with xz', hint: UNPACK, begins: ['fd377a585a00'] },
  { name: 'packed with zstd', hint: UNPACK, begins: ['28b52ffd'] },
  { name: 'packed with lz4', hint: UNPACK, begins: ['04224d18'] },
  { name: 'packed with compress', hint: UNPACK, begins: ['1f9d'] },
  { name: 'a 7-Zip archive', hint: UNPACK, begins: ['377abcaf271c'] },
  { name: 'a RAR archive', hint: UNPACK, begins: ['526172211a07'] },
  { name: 'a PDF document', hint: SAVE, begins: ['255044462d'] },
  { name: 'a workbook of a spreadsheet program', hint: SAVE, begins: ['d0cf11e0a1b11ae1'] },
];

const workbook: Packing = { name: 'a workbook of a spreadsheet program', hint: SAVE };
const tarArchive: Packing = { name: 'a tar archive', hint: UNPACK };

/** `BZh`, the size of its blocks, and the digits of pi. */
function bzip2(level: string): string {
  return Buffer.from(`BZh${level}1AY&SY`, 'latin1').toString('hex');
}

/** Enough to tell every packing but tar. */
export const MAGIC_BYTES = 10;

export function isGzip(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** @returns null when these may be the first bytes of a text */
export function namePacking(head: Buffer): Packing | null {
  const found = packings.find(({ begins }) =>
    begins.some((begin) => head.toString('hex', 0, begin.length / 2) === begin),
  );
  // Names of members stand in a ZIP archive as they are.
  if (found?.name === 'a ZIP archive' && (head.includes('[Content_Types].xml') || head.includes('xl/')))
    return workbook;
  if (found) return { name: found.name, hint: found.hint };
  return head.toString('latin1', 257, 262) === 'ustar' ? tarArchive : null;
}
