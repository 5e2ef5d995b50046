import { makeRecordReader, type ContentFacts, type CsvRecord, type Decoding } from '@passbook/csv';
import { maskHeaderCell, normaliseHeaderCell, type Feed, type FileCode } from '@passbook/feeds';
import type { Refusal } from '@passbook/imports';

/** Whose a file is, and how it is to be read. Whether all of it can be read so is another question. */
export interface Recognised {
  feed: Feed;
  scope: string;
  decoding: Decoding;
}

/** Why no feed takes a file as it is. */
export interface Unrecognised {
  refusal: Refusal;
  /** How many columns are amiss for the feed that comes nearest: a format may know the file. Null: nothing can. */
  amiss: number | null;
}

type Place = Pick<Refusal, 'line' | 'byteOffset'>;

const nowhere: Place = { line: null, byteOffset: null };

export function refuse(code: FileCode, message: string, hint: string, place: Place = nowhere): Refusal {
  return { code, message, line: place.line, byteOffset: place.byteOffset, hint };
}

/**
 * Which feed a file belongs to, and how it is to be decoded, by its head, its name and what is known of all its bytes; or
 * why it is refused. A pure rule.
 */
export function recogniseFile(
  facts: ContentFacts,
  fileName: string,
  feeds: readonly Feed[],
): Recognised | Unrecognised {
  const refusal = findContentFault(facts);
  if (refusal) return { refusal, amiss: null };
  const header = readHeader(facts, ',');
  const answers = askFeeds(header?.cells ?? [], fileName, feeds);
  for (const { feed, answer } of answers) {
    if (!answer.isMine) continue;
    return { feed, scope: answer.scope, decoding: { compression: facts.compression, encoding: 'utf-8' } };
  }
  for (const { answer } of answers) {
    if (answer.isMine || !answer.refusal) continue;
    const { code, message, hint } = answer.refusal;
    return { refusal: refuse(code, message, hint), amiss: null };
  }
  const amiss = Math.min(...answers.map(countAmiss));
  return { refusal: explainHeader(facts, header, answers, fileName), amiss };
}

/** What keeps any feed from a file. */
function findContentFault({ problem, isBlank, isUtf16 }: ContentFacts): Refusal | null {
  if (problem) return refuse(problem.code, problem.message, problem.hint);
  if (isBlank) {
    return refuse(
      'EMPTY_FILE',
      'The file has no line.',
      'Export it again; a file without rows has at least its header.',
    );
  }
  if (!isUtf16) return null;
  return refuse('ENCODING_UTF16', 'The file is written in UTF-16.', 'Save it as UTF-8.', {
    line: 1,
    byteOffset: 0,
  });
}

/** The first record of the head; null when it does not end there. */
function readHeader({ head, isWhole }: ContentFacts, delimiter: string): CsvRecord | null {
  const reader = makeRecordReader({ delimiter });
  const [first] = reader.push(new TextDecoder('utf-8').decode(head));
  return first ?? (isWhole ? (reader.end()[0] ?? null) : null);
}

interface Answer {
  feed: Feed;
  answer: ReturnType<Feed['recognise']>;
}

function countAmiss({ answer }: Answer): number {
  return answer.isMine ? 0 : answer.missing.length + answer.unknown.length + answer.repeated.length;
}

function askFeeds(cells: readonly string[], fileName: string, feeds: readonly Feed[]): Answer[] {
  return feeds.map((feed) => ({ feed, answer: feed.recognise(cells, fileName) }));
}

/** What a program may separate columns with instead of a comma. */
const delimiters = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'vertical bars'],
] as const;

/** Names what is amiss for the feed that comes nearest. */
function explainHeader(
  facts: ContentFacts,
  header: CsvRecord | null,
  answers: readonly Answer[],
  fileName: string,
): Refusal {
  const place = { line: header?.line ?? 1, byteOffset: findHeader(facts.head) };
  const feeds = answers.map(({ feed }) => feed);
  const expected = feeds
    .map((feed) => `${feed.name}: ${feed.columns.map((column) => column.name).join(',')}`)
    .join('; ');
  for (const [delimiter, name] of delimiters) {
    const cells = readHeader(facts, delimiter)?.cells ?? [];
    if (!askFeeds(cells, fileName, feeds).some(({ answer }) => answer.isMine)) continue;
    const message = `The columns are separated by ${name}, not by commas.`;
    return refuse(
      'HEADER_UNKNOWN',
      message,
      'Save it with a comma between the columns, or write a format for it (docs/formats.md).',
      place,
    );
  }
  const byteOffset = facts.faultAt['utf-8'];
  const cells = header?.cells ?? [];
  if (byteOffset !== null && cells.some((cell) => cell.includes('\ufffd'))) {
    return refuse('ENCODING', 'The header is not UTF-8.', 'Save it as UTF-8.', { ...place, byteOffset });
  }
  const known = new Set(feeds.flatMap((feed) => feed.columns.map((column) => column.name)));
  if (!cells.some((cell) => known.has(normaliseHeaderCell(cell)))) {
    const message = 'The first line is no header that is known.';
    return refuse(
      'HEADER_MISSING',
      message,
      `Put the names of the columns first, or describe the layout of the file: docs/formats.md says how. ${expected}.`,
      place,
    );
  }
  return explainColumns(answers, expected, place);
}

function explainColumns(answers: readonly Answer[], expected: string, place: Place): Refusal {
  const amiss = answers
    .flatMap(({ feed, answer }) => (answer.isMine ? [] : [{ feed, ...answer }]))
    .map((one) => ({ ...one, faults: one.missing.length + one.unknown.length + one.repeated.length }))
    .sort((a, b) => a.faults - b.faults)[0]!;
  const list = (what: string, names: readonly string[]): string =>
    names.length > 0 ? ` ${what}: ${names.map(maskHeaderCell).join(', ')}.` : '';
  const lists = [
    list('Twice', amiss.repeated),
    list('Missing', amiss.missing),
    list('Not known', amiss.unknown),
  ].join('');
  const hint = `The columns are: ${expected}.`;
  return amiss.repeated.length > 0
    ? refuse('HEADER_DUPLICATE', `The header names a column more than once.${lists}`, hint, place)
    : refuse('HEADER_UNKNOWN', `The header is not that of ${amiss.feed.name}.${lists}`, hint, place);
}

/** Where the first line begins that is not empty, behind a byte order mark. */
function findHeader(head: Buffer): number {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (head[at] === 10 || head[at] === 13) at += 1;
  return at;
}
