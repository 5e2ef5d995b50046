import { isAscii } from 'node:buffer';

const BYTE_ORDER_MARK = '\ufeff';

/** Decodes UTF-8 that is cut anywhere; a byte order mark at the start is left out. */
export interface Utf8Decoder {
  /** @throws TypeError with code ERR_ENCODING_INVALID_ENCODED_DATA when the bytes are not UTF-8 */
  decode(bytes: Buffer): string;
  /** Whether all bytes so far are in the text: no sequence is cut. It may say no where it is so. */
  isBetweenSequences(): boolean;
  /** What a sequence that is cut off leaves. @throws as above */
  end(): string;
}

/** Bytes that are ASCII, most of all files, need not go through a TextDecoder. */
export function makeUtf8Decoder(): Utf8Decoder {
  // It would look for the byte order mark in the first bytes that it gets, which need not be the first of the file.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let isBetweenSequences = true;
  let isStart = true;
  return {
    decode(bytes) {
      if (isBetweenSequences && isAscii(bytes)) {
        isStart = false;
        return bytes.toString('latin1');
      }
      isBetweenSequences = bytes.at(-1)! < 0x80;
      const text = decoder.decode(bytes, { stream: true });
      if (!isStart || text === '') return text;
      isStart = false;
      return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    },
    isBetweenSequences: () => isBetweenSequences,
    end: () => decoder.decode(),
  };
}
