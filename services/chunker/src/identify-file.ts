import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  findLine,
  makeContentInspector,
  plainDecoding,
  type ContentFacts,
  type Decoding,
} from '@passbook/csv';
import { decideFormat, type Feed, type FileFormat, type Format, type Hold } from '@passbook/feeds';
import type { Refusal } from '@passbook/imports';
import { copyFile, type FileIdentity } from './copy-file.js';
import { findCorrected } from './find-corrected.js';
import { recogniseFile, refuse } from './recognise-file.js';

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
  /** How its layout maps onto the columns of the feed; null when it has those. */
  format: FileFormat | null;
  /** The id of the import whose quarantined rows it corrects. */
  corrects: string | null;
  refusal: Refusal | null;
  /** Why nobody can say yet what the file means. */
  hold: Hold | null;
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
    formats: readonly Format[];
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
    const found = await recognise(facts, path, copyPath, options);
    return { copyName, sha256, sizeBytes, source, ...found };
  } catch (err) {
    // Nobody knows of the copy.
    await rm(copyPath, { force: true });
    throw err;
  } finally {
    inspector.close();
  }
}

type Found = Pick<IdentifiedFile, 'feed' | 'scope' | 'decoding' | 'format' | 'corrects' | 'refusal' | 'hold'>;

/** What is known of a file that is nobody's. */
export const nobodysFile: Found = {
  feed: null,
  scope: '',
  decoding: plainDecoding,
  format: null,
  corrects: null,
  refusal: null,
  hold: null,
};

/** Feeds are asked first, then formats. */
async function recognise(
  facts: ContentFacts,
  path: string,
  copyPath: string,
  options: { feeds: readonly Feed[]; formats: readonly Format[]; signal: AbortSignal },
): Promise<Found> {
  const fileName = basename(path);
  const answer = recogniseFile(facts, fileName, options.feeds);
  let found: Found;
  if (!('refusal' in answer)) {
    found = { ...nobodysFile, ...answer };
  } else {
    if (answer.amiss === null) return { ...nobodysFile, refusal: answer.refusal };
    const decision = await decideFormat(
      { path: copyPath, fileName, facts },
      { formats: options.formats, feeds: options.feeds, amiss: answer.amiss },
      options.signal,
    );
    if (decision.kind === 'none') return { ...nobodysFile, refusal: answer.refusal };
    const { feed } = decision;
    if (decision.kind === 'held') return { ...nobodysFile, feed, hold: decision.hold };
    const { scope, decoding, fileFormat } = decision;
    found = { ...nobodysFile, feed, scope, decoding, format: fileFormat };
  }
  const refusal = await findEncodingFault(copyPath, facts, found);
  if (refusal) return { ...nobodysFile, refusal };
  return { ...found, corrects: findCorrected(facts, found.decoding, found.format) };
}

/** Whether all of a file is in the encoding that it was recognised to be in. */
async function findEncodingFault(
  copyPath: string,
  { compression, faultAt }: ContentFacts,
  { decoding: { encoding }, format }: Pick<Found, 'decoding' | 'format'>,
): Promise<Refusal | null> {
  const byteOffset = faultAt[encoding];
  if (byteOffset === null) return null;
  const line = await findLine(copyPath, byteOffset, compression);
  const name = encoding === 'utf-8' ? 'UTF-8' : encoding;
  return refuse(
    'ENCODING',
    `The file is not ${name}: line ${line} has a byte that cannot be.`,
    format
      ? `Set encoding in the format ${format.format.name}, or save the file as UTF-8.`
      : 'Save it as UTF-8.',
    { line, byteOffset },
  );
}
