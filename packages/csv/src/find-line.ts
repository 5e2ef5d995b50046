import { createReadStream } from 'node:fs';

const LF = 10;
const CR = 13;

/** The physical line of a file, from 1, that the byte at this place is on. LF, CRLF and CR end a line. */
export async function findLine(path: string, byteOffset: number): Promise<number> {
  if (byteOffset === 0) return 1;
  let line = 1;
  let last = 0;
  for await (const piece of createReadStream(path, { end: byteOffset - 1 }) as AsyncIterable<Buffer>) {
    for (const byte of piece) {
      if (byte === CR || (byte === LF && last !== CR)) line += 1;
      last = byte;
    }
  }
  return line;
}
