import { describe, expect, test } from '@jest/globals';
import { findUndefinedByte, makeTranscoder } from './transcoder.js';

/** The table of Unicode, cp1252.txt, from 0x80 on; 0 where no character is defined. */
const published = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
  0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0, 0x017e, 0x0178,
];

describe('windows-1252', () => {
  const transcode = makeTranscoder('windows-1252');

  test('is decoded by the table that Unicode publishes, and by Latin-1 around it', () => {
    for (let byte = 0; byte < 256; byte++) {
      const code = byte >= 0x80 && byte < 0xa0 ? published[byte - 0x80]! : byte;
      if (code === 0 && byte !== 0) continue;
      expect([byte, transcode(Buffer.of(byte)).toString()]).toEqual([byte, String.fromCharCode(code)]);
    }
  });

  test.each([0x81, 0x8d, 0x8f, 0x90, 0x9d])(
    'has no character %d: it throws, and tells where it is',
    (byte) => {
      const bytes = Buffer.concat([Buffer.from('M\xfcller', 'latin1'), Buffer.of(byte), Buffer.of(byte)]);
      expect(() => transcode(bytes)).toThrow('windows-1252');
      expect(findUndefinedByte(bytes)).toBe(6);
    },
  );

  test('has a character for every other byte', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const defined = bytes.filter((byte) => ![0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte));
    expect(findUndefinedByte(Buffer.from(defined))).toBe(-1);
  });
});

test('iso-8859-1 is one character for each byte, with its number', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const text = makeTranscoder('iso-8859-1')(bytes).toString();
  expect([...text].map((character) => character.charCodeAt(0))).toEqual([...bytes]);
});

test('utf-8 is given back as it is', () => {
  const bytes = Buffer.of(0xff, 0xc3, 0xa9);
  expect(makeTranscoder('utf-8')(bytes)).toBe(bytes);
});
