import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import {
  findLine,
  makeContentInspector,
  plainDecoding,
  type ContentFacts,
  type Decoding,
} from '@passbook/csv';
import type { Feed } from '@passbook/feeds';
import type { Refusal } from '@passbook/imports';
import { copyFile, type FileIdentity } from './copy-file.js';
import { recogniseFile, refuse, type Recognised } from './recognise-file.js';

/** What is known of a file after one pass over it. */
export interface IdentifiedFile {
  /** The private copy that was made, in imports/.claimed/. */
  copyName: string;
  sha256: string;
  sizeBytes: bigint;
  /** Which file it was, whatever has its name now. */
  source: FileIdentity;
  /** Null when the file is refused: a refused import is nobody's, and in no import's way. */
  feed: Feed | null;
  scope: string;
  /** How its bytes become its content: for every later look at the copy. */
  decoding: Decoding;
  refusal: Refusal | null;
}

/**
 * One pass over a file: makes the private copy, hashes it, and looks at its content. What it found out decides everything
 * that can refuse the file. From then on only the copy is read, whatever happens to the dropped file.
 * @throws FileChangedError, the reason of the signal, and the errors of the file system
 */
export async function identifyFile(
  path: string,
  options: {
    claimed: string;
    feeds: readonly Feed[];
    /** The largest content, unpacked. */
    fileBytesMax: number;
    onCopied: (bytes: number) => void;
    signal: AbortSignal;
  },
): Promise<IdentifiedFile> {
  const copyName = randomUUID();
  const copyPath = join(options.claimed, copyName);
  let bytesCopied = 0;
  const inspector = makeContentInspector(options.fileBytesMax);
  try {
    const { sha256, sizeBytes, source } = await copyFile(path, copyPath, async (bytes) => {
      options.signal.throwIfAborted();
      await inspector.push(bytes);
      bytesCopied += bytes.length;
      options.onCopied(bytesCopied);
    });
    const facts = await inspector.end();
    const found = recogniseFile(facts, basename(path), options.feeds);
    const refusal =
      'refusal' in found ? found.refusal : await findEncodingFault(copyPath, facts, found.decoding);
    return { copyName, sha256, sizeBytes, source, ...(refusal ? refused : (found as Recognised)), refusal };
  } finally {
    inspector.close();
  }
}

const refused = { feed: null, scope: '', decoding: plainDecoding };

/** Whether all of a file is in the encoding that it was recognised to be in. */
async function findEncodingFault(
  copyPath: string,
  { compression, faultAt }: ContentFacts,
  { encoding }: Decoding,
): Promise<Refusal | null> {
  const byteOffset = faultAt[encoding];
  if (byteOffset === null) return null;
  const line = await findLine(copyPath, byteOffset, compression);
  const name = encoding === 'utf-8' ? 'UTF-8' : encoding;
  return refuse(
    'ENCODING',
    `The file is not ${name}: line ${line} has a byte that cannot be.`,
    'Save it as UTF-8.',
    { line, byteOffset },
  );
}
