import { createGunzip } from 'node:zlib';

/** So much is handed out at a time. */
const PIECE_BYTES = 64 * 1024;

/** So much is taken at a time: deflate makes at most 1,032 bytes of one, so that what waits to be handed out is bounded. */
const INPUT_BYTES = 16 * 1024;

/** What was packed cannot be had from it: damaged, cut off, or followed by something else. */
export class CompressionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CompressionError';
  }
}

export interface Inflater {
  /** What the next bytes hold. They are read no more when the loop has ended. @throws CompressionError */
  push(bytes: Buffer): AsyncGenerator<Buffer, void, undefined>;
  /** No more bytes will come. @returns what is left. @throws CompressionError when the end is missing */
  end(): Promise<Buffer[]>;
  /** Gives its memory back; for those who do not come to the end. May be called twice. */
  close(): void;
}

/**
 * Unpacks gzip, piece by piece. Several members, one behind the other, are one content (RFC 1952, 2.2); their checksums must
 * be right. Behind the last member there may be nothing, zeros neither: those are what a full disk leaves.
 */
export function makeInflater(): Inflater {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  let inflated: Buffer[] = [];
  let bytesGiven = 0;
  gunzip.on('data', (bytes: Buffer) => inflated.push(bytes));
  // Told to whoever waits for the bytes in which it is.
  gunzip.on('error', () => {});

  const settle = (act: (done: (err?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const fail = (err: Error): void => reject(new CompressionError(err.message));
      gunzip.once('error', fail);
      act((err) => {
        gunzip.off('error', fail);
        if (err) fail(err);
        else resolve();
      });
    });
  const take = (): Buffer[] => {
    const taken = inflated;
    inflated = [];
    return taken;
  };
  return {
    async *push(bytes) {
      for (let at = 0; at < bytes.length; at += INPUT_BYTES) {
        const part = bytes.subarray(at, at + INPUT_BYTES);
        bytesGiven += part.length;
        await settle((done) => gunzip.write(part, done));
        // It takes no more behind the last member when a zero follows it, and would keep quiet about it.
        if (gunzip.bytesWritten < bytesGiven) throw new CompressionError('something follows what was packed');
        yield* take();
      }
    },
    async end() {
      await settle((done) => gunzip.once('end', () => done()).end());
      return take();
    },
    close: () => void gunzip.destroy(),
  };
}
