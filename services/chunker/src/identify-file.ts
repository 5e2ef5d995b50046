import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { findLine, makeRecordReader, makeUtf8Checker } from '@passbook/csv';
import type { Feed } from '@passbook/feeds';
import type { Refusal } from '@passbook/imports';
import { copyFile, type FileIdentity } from './copy-file.js';
import { recogniseFile, refuse } from './recognise-file.js';

/** What is known of a file after one pass over it. */
export interface IdentifiedFile {
  /** The private copy that was made, in imports/.claimed/. */
  copyName: string;
  sha256: string;
  sizeBytes: bigint;
  /** Which file it was, whatever has its name now. */
  source: FileIdentity;
  /** Null when no feed knows the file: then it is refused. */
  feed: Feed | null;
  scope: string;
  refusal: Refusal | null;
}

/**
 * One pass over a file: makes the private copy, hashes it, and decides everything that can refuse it. From then on only
 * the copy is read, whatever happens to the dropped file.
 * @throws FileChangedError, the reason of the signal, and the errors of the file system
 */
export async function identifyFile(
  path: string,
  options: {
    claimed: string;
    feeds: readonly Feed[];
    onCopied: (bytes: number) => void;
    signal: AbortSignal;
  },
): Promise<IdentifiedFile> {
  const copyName = randomUUID();
  let bytesCopied = 0;
  const utf8 = makeUtf8Checker();
  const header = makeHeaderReader();
  const copyPath = join(options.claimed, copyName);
  const { sha256, sizeBytes, source } = await copyFile(path, copyPath, (bytes) => {
    options.signal.throwIfAborted();
    utf8.push(bytes);
    header.push(bytes);
    bytesCopied += bytes.length;
    options.onCopied(bytesCopied);
  });
  const known = { copyName, sha256, sizeBytes, source };
  const byteOffset = utf8.end();
  if (byteOffset !== null && header.startsAsUtf16()) {
    return {
      ...known,
      feed: null,
      scope: '',
      refusal: refuse('ENCODING_UTF16', 'The file is written in UTF-16.', 'Save it as UTF-8.', {
        line: 1,
        byteOffset: 0,
      }),
    };
  }
  if (byteOffset !== null) {
    const line = await findLine(copyPath, byteOffset);
    return {
      ...known,
      feed: null,
      scope: '',
      refusal: refuse(
        'ENCODING',
        `The file is not UTF-8: line ${line} has a byte that cannot be.`,
        'Save it as UTF-8.',
        { line, byteOffset },
      ),
    };
  }
  return { ...known, ...recogniseFile(header.end(), basename(path), options.feeds) };
}

/** Reads no further than the first record. */
function makeHeaderReader(): {
  push(bytes: Buffer): void;
  end(): { cells: string[]; line: number } | null;
  startsAsUtf16(): boolean;
} {
  const decoder = new TextDecoder('utf-8');
  const reader = makeRecordReader();
  let found: { cells: string[]; line: number } | null = null;
  let start = Buffer.alloc(0);
  return {
    push(bytes) {
      if (start.length < 2) start = Buffer.concat([start, bytes.subarray(0, 2)]);
      if (!found) found = reader.push(decoder.decode(bytes, { stream: true }))[0] ?? null;
    },
    end: () => found ?? reader.end()[0] ?? null,
    startsAsUtf16: () => (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff),
  };
}
