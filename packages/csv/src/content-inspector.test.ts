import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { HEAD_BYTES, makeContentInspector, type ContentFacts } from './content-inspector.js';

const GIB = 1024 ** 3;

async function inspect(bytes: Buffer, { most = GIB, step = 1024 * 1024 } = {}): Promise<ContentFacts> {
  const inspector = makeContentInspector(most);
  try {
    for (let at = 0; at < bytes.length; at += step) {
      // What was handed over may be overwritten.
      const piece = Buffer.from(bytes.subarray(at, at + step));
      await inspector.push(piece);
      piece.fill(0xff);
    }
    return await inspector.end();
  } finally {
    inspector.close();
  }
}

const text = 'a,b\r\n1,2\r\n';
const gzip = gzipSync(text);

describe('a plain file', () => {
  test('is its content, of which the head is kept', async () => {
    const long = Buffer.from(text.repeat(100_000));
    for (const step of [1, 7, 65_536, 1_000_000]) {
      const short = Buffer.from(text.repeat(20));
      const bytes = step < 10 ? short : long;
      const facts = await inspect(bytes, { step });
      expect(facts).toEqual({
        compression: 'none',
        head: bytes.subarray(0, HEAD_BYTES),
        isAscii: true,
        isWhole: bytes === short,
        isBlank: false,
        isUtf16: false,
        faultAt: { 'utf-8': null, 'windows-1252': null, 'iso-8859-1': null },
        problem: null,
      });
    }
  });

  test.each([
    ['no byte', ''],
    ['a byte order mark only', '\ufeff'],
    ['empty lines', '\ufeff\n\r\n \t\r'],
  ])('of %s is blank', async (_what, content) => {
    expect((await inspect(Buffer.from(content))).isBlank).toBe(true);
    expect((await inspect(gzipSync(content))).isBlank).toBe(true);
    expect((await inspect(Buffer.from(`${content},`))).isBlank).toBe(false);
  });

  test('is told where it is not of each encoding', async () => {
    const { faultAt } = await inspect(Buffer.from('ab\xe9cd\x81', 'latin1'), { step: 2 });
    expect(faultAt).toEqual({ 'utf-8': 2, 'windows-1252': 5, 'iso-8859-1': null });
  });

  test.each<[string, Buffer]>([
    ['a byte order mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['a byte order mark, the other way round', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['zeros at odd places', Buffer.from(text, 'utf16le')],
    ['zeros at even places', Buffer.from(text, 'utf16le').swap16()],
  ])('with %s is UTF-16', async (_what, bytes) => {
    expect((await inspect(bytes)).isUtf16).toBe(true);
    expect((await inspect(gzipSync(bytes))).isUtf16).toBe(true);
  });

  test('with some zeros is none', async () => {
    expect((await inspect(Buffer.from('a,b\r\n1\0\0,2\0\r\n'))).isUtf16).toBe(false);
  });

  test('that is too large is told, packed or not', async () => {
    const bytes = Buffer.from('x'.repeat(1000));
    for (const given of [bytes, gzipSync(bytes)]) {
      expect((await inspect(given, { most: 1000 })).problem).toBeNull();
      expect((await inspect(given, { most: 999 })).problem).toMatchObject({ code: 'FILE_TOO_LARGE' });
    }
  });
});

describe('gzip', () => {
  test.each([1, 2, 10, 17, 65_536])(
    'is unpacked, its members one after the other (in steps of %d)',
    async (step) => {
      const members = Buffer.concat([gzip, gzipSync(''), gzipSync('3,4\n')]);
      const facts = await inspect(members, { step });
      expect([facts.compression, facts.head.toString(), facts.problem]).toEqual([
        'gzip',
        `${text}3,4\n`,
        null,
      ]);
    },
  );

  const spoilt = Buffer.from(gzip);
  spoilt[gzip.length - 6]! ^= 1;
  test.each<[string, Buffer]>([
    ['cut off', gzip.subarray(0, -1)],
    ['cut off in its header', gzip.subarray(0, 5)],
    ['cut off at the end of a member that is begun', Buffer.concat([gzip, gzip.subarray(0, 1)])],
    ['with a checksum that is not that of its content', spoilt],
    ['with something behind it', Buffer.concat([gzip, Buffer.from('more')])],
    ['with zeros behind it', Buffer.concat([gzip, Buffer.alloc(4)])],
    ['with zeros and another member behind it', Buffer.concat([gzip, Buffer.alloc(4), gzip])],
    ['of another method', Buffer.concat([Buffer.of(0x1f, 0x8b, 9), gzip.subarray(3)])],
  ])('%s cannot be unpacked', async (_what, bytes) => {
    for (const step of [1, gzip.length, 65_536])
      expect((await inspect(bytes, { step })).problem).toMatchObject({ code: 'COMPRESSION' });
  });

  test('that holds far more than it could is not unpacked to its end', async () => {
    const zeros = gzipSync(Buffer.alloc(101 * 1024 * 1024));
    expect((await inspect(zeros)).problem).toMatchObject({
      code: 'COMPRESSION',
      message: expect.stringContaining('more than 200 times'),
    });
    expect((await inspect(gzipSync(Buffer.alloc(99 * 1024 * 1024)))).problem).toBeNull();
  });
});

describe('what is no text', () => {
  const tar = Buffer.alloc(1024);
  tar.write('ustar', 257);
  test.each<[string, Buffer, string]>([
    ['ZIP', Buffer.from('504b0304140000000800', 'hex'), 'ZIP'],
    [
      'a workbook',
      Buffer.concat([Buffer.from('504b030414', 'hex'), Buffer.from('[Content_Types].xml')]),
      'workbook',
    ],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'workbook'],
    ['bzip2', Buffer.from('BZh91AY&SYxx'), 'bzip2'],
    ['xz', Buffer.from('fd377a585a0000', 'hex'), 'xz'],
    ['zstd', Buffer.from('28b52ffd04', 'hex'), 'zstd'],
    ['PDF', Buffer.from('%PDF-1.7\n'), 'PDF'],
    ['tar', tar, 'tar'],
    ['gzip in gzip', gzip, 'once more'],
  ])('%s is told by its first bytes, in gzip as well', async (_what, bytes, word) => {
    const problem = {
      code: 'COMPRESSION',
      message: expect.stringContaining(word),
      hint: expect.stringMatching(/CSV|once/),
    };
    if (word !== 'once more') expect((await inspect(bytes)).problem).toMatchObject(problem);
    expect((await inspect(gzipSync(bytes))).problem).toMatchObject(problem);
  });

  test('is nothing that begins like it', async () => {
    for (const content of ['BZh9,a\n', 'PK,a\n', '%PDF\n'])
      expect((await inspect(Buffer.from(content))).problem).toBeNull();
  });
});
