import type { ContentFacts, Decoding } from '@passbook/csv';
import type { Feed } from '../feed.js';
import { readRows } from '../read-rows.js';
import { maskHeaderCell } from '../recognise-header.js';
import type { Format } from './format.js';
import type { FileFormat, Hold } from './file-format.js';
import { hasToShow, makeFormatProof } from './format-proof.js';
import { matchFormat, type FormatMatch } from './recognise-format.js';

export interface FileToDecide {
  /** Its content, as it was dropped. */
  path: string;
  /** Under which name it was dropped. */
  fileName: string;
  /** What one pass over its bytes has found out. */
  facts: ContentFacts;
}

export type FormatDecision =
  | { kind: 'format'; feed: Feed; fileFormat: FileFormat; decoding: Decoding; scope: string }
  | { kind: 'held'; feed: Feed; hold: Hold }
  /** No format knows the file. */
  | { kind: 'none' };

type Candidate = { format: Format; match: FormatMatch };

/**
 * Finds the format of a file, with nothing left open. Where the format leaves something to the rows of the file, reads
 * all of them. Nothing is guessed: what stays open holds the file.
 * @param known.amiss how many columns are amiss for the feed that knows the file best without a format
 */
export async function decideFormat(
  { path, fileName, facts }: FileToDecide,
  { formats, feeds, amiss }: { formats: readonly Format[]; feeds: readonly Feed[]; amiss: number },
  signal: AbortSignal,
): Promise<FormatDecision> {
  const candidates = formats
    .filter((format) => format.fileName === undefined || new RegExp(format.fileName, 'u').test(fileName))
    .map((format): Candidate => ({ format, match: matchFormat(format, facts.head) }));
  const fitting = preferNamed(candidates.filter(({ match }) => match.kind === 'match'));
  const chosen = fitting[0] ?? findNearest(candidates, amiss);
  if (!chosen) return { kind: 'none' };
  const feed = feeds.find(({ name }) => name === chosen.format.feed);
  if (!feed?.resolveAccount) return { kind: 'none' };
  if (fitting.length > 1) return { kind: 'held', feed, hold: explainSeveral(fitting) };
  const { format, match } = chosen;
  if (match.kind !== 'match') return { kind: 'held', feed, hold: explainChange(chosen) };
  if (match.encoding !== 'utf-8' && !facts.isAscii && facts.faultAt['utf-8'] === null)
    return { kind: 'held', feed, hold: explainEncoding(format) };
  const found = feed.resolveAccount(format, { fileName, linesBefore: match.linesBefore });
  if ('code' in found) return { kind: 'held', feed, hold: found };
  // A mended `rows.csv` has rows of its file alone: none of them is left out.
  const linesAfter = match.isMended ? [] : found.format.linesAfter;
  const fileFormat: FileFormat = {
    format: { ...found.format, linesAfter },
    account: found.account,
    headerLine: match.headerLine,
  };
  const decoding: Decoding = { compression: facts.compression, encoding: match.encoding };
  // What cannot be read cannot be looked into; the caller refuses it.
  const isReadable = facts.faultAt[match.encoding] === null;
  const proven = isReadable ? await prove(path, fileFormat, decoding, signal) : fileFormat.format;
  if ('code' in proven) return { kind: 'held', feed, hold: proven };
  // The same bytes for another account are another import.
  const scope = found.account === null ? '' : found.account.numberHash.slice(0, 16);
  return { kind: 'format', feed, fileFormat: { ...fileFormat, format: proven }, decoding, scope };
}

/** A format that also asks for the file's name knows more about it than one that takes any. */
function preferNamed(fitting: readonly Candidate[]): readonly Candidate[] {
  const named = fitting.filter(({ format }) => format.fileName !== undefined);
  return named.length > 0 ? named : fitting;
}

/** The format whose header the file's is nearly: nearer than that of any feed. */
function findNearest(candidates: readonly Candidate[], nearest: number): Candidate | undefined {
  const distance = ({ match }: Candidate): number =>
    match.kind === 'near' ? match.missing.length + match.unknown.length : Infinity;
  return candidates.filter((one) => distance(one) < nearest).sort((a, b) => distance(a) - distance(b))[0];
}

async function prove(
  path: string,
  fileFormat: FileFormat,
  decoding: Decoding,
  signal: AbortSignal,
): Promise<Format | Hold> {
  const nothingShown = makeFormatProof(fileFormat, []);
  if (!hasToShow(fileFormat)) return nothingShown.end();
  let proof: typeof nothingShown | undefined;
  for await (const { rows } of readRows(path, { format: fileFormat, decoding })) {
    signal.throwIfAborted();
    while (rows.next()) {
      proof ??= makeFormatProof(fileFormat, rows.header);
      proof.see(rows.record());
    }
  }
  return (proof ?? nothingShown).end();
}

function explainSeveral(fitting: readonly Candidate[]): Hold {
  return {
    code: 'FORMAT_AMBIGUOUS',
    message: `Several formats fit this file: ${fitting.map(({ format }) => format.name).join(', ')}.`,
    hint: 'Set fileName in each of them, so that the name of a file decides.',
  };
}

/** Text with other letters than those of ASCII is never UTF-8 by accident. */
function explainEncoding({ name, encoding }: Format): Hold {
  return {
    code: 'ENCODING',
    message: `The file is UTF-8, and its format says ${encoding}.`,
    hint: `Set encoding in the format ${name} to utf-8.`,
  };
}

function explainChange({ format, match }: Candidate): Hold {
  const { missing, unknown } = match as FormatMatch & { kind: 'near' };
  const parts = [
    missing.length > 0 ? ` Missing: ${missing.map(maskHeaderCell).join(', ')}.` : '',
    unknown.length > 0 ? ` New or twice: ${unknown.map(maskHeaderCell).join(', ')}.` : '',
  ];
  return {
    code: 'HEADER_CHANGED',
    message: `The header is nearly that of the format ${format.name}.${parts.join('')}`,
    hint: `If the bank has changed its export, change header and columns of ${format.name} accordingly.`,
  };
}
