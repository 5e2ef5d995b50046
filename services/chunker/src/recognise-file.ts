import { normaliseHeaderCell, type Feed } from '@passbook/feeds';
import type { Refusal } from '@passbook/imports';

export function refuse(
  code: string,
  message: string,
  hint: string,
  place: { line: number | null; byteOffset: number | null } = { line: null, byteOffset: null },
): Refusal {
  return { code, message, line: place.line, byteOffset: place.byteOffset, hint };
}

/** Which feed a file belongs to, by its header and name; or why it is refused. A pure rule. */
export function recogniseFile(
  header: { cells: readonly string[]; line: number } | null,
  fileName: string,
  feeds: readonly Feed[],
): { feed: Feed | null; scope: string; refusal: Refusal | null } {
  if (!header) {
    const refusal = refuse(
      'EMPTY_FILE',
      'The file has no line.',
      'Export it again; a file without transactions has at least its header.',
    );
    return { feed: null, scope: '', refusal };
  }
  const answers = feeds.map((feed) => ({ feed, answer: feed.recognise(header.cells, fileName) }));
  for (const { feed, answer } of answers) {
    if (answer.isMine) return { feed, scope: answer.scope, refusal: null };
  }
  return { feed: null, scope: '', refusal: explainHeader(header, answers) };
}

type Answer = { feed: Feed; answer: ReturnType<Feed['recognise']> };

/** Names what is amiss for the feed that comes nearest. */
function explainHeader(
  { cells, line }: { cells: readonly string[]; line: number },
  answers: readonly Answer[],
): Refusal {
  const known = new Set(answers.flatMap(({ feed }) => feed.columns.map((column) => column.name)));
  const expected = answers
    .map(({ feed }) => `${feed.name}: ${feed.columns.map((column) => column.name).join(',')}`)
    .join('; ');
  const place = { line, byteOffset: 0 };
  if (!cells.some((cell) => known.has(normaliseHeaderCell(cell)))) {
    return refuse(
      'HEADER_MISSING',
      'The first line is no header that is known.',
      `Put the names of the columns first. ${expected}.`,
      place,
    );
  }
  const amiss = answers
    .flatMap(({ feed, answer }) => (answer.isMine ? [] : [{ feed, ...answer }]))
    .sort((a, b) => a.missing.length + a.unknown.length - (b.missing.length + b.unknown.length))[0]!;
  const missing = amiss.missing.length > 0 ? ` Missing: ${amiss.missing.join(', ')}.` : '';
  const unknown =
    amiss.unknown.length > 0 ? ` Not known or twice: ${amiss.unknown.map(shorten).join(', ')}.` : '';
  return refuse(
    'HEADER_UNKNOWN',
    `The header is not that of ${amiss.feed.name}.${missing}${unknown}`,
    `The columns are: ${expected}.`,
    place,
  );
}

/** A header cell may be anything: also a number that must not be repeated. */
function shorten(name: string): string {
  const masked = name.replace(/\d(?:[ -]?\d){4,}/g, '…');
  return masked.length > 40 ? `${masked.slice(0, 40)}…` : masked;
}
