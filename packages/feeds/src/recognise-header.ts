import type { Column, Recognition } from './feed.js';
import { ownColumns } from './own-columns.js';

/** Header cells are compared trimmed and without case. */
export function normaliseHeaderCell(cell: string): string {
  return cell.trim().toLowerCase();
}

/** A header is a feed's own when it has each of its columns once and no other. */
export function recogniseHeader(header: readonly string[], columns: readonly Column[]): Recognition {
  const names = header.map(normaliseHeaderCell);
  const wanted = new Set(columns.map((column) => column.name));
  const missing = [...wanted].filter((name) => !names.includes(name));
  const isKnown = (name: string): boolean => wanted.has(name) || ownColumns.includes(name);
  const unknown = names.filter((name) => !isKnown(name));
  const repeated = [...new Set(names.filter((name, at) => isKnown(name) && names.indexOf(name) !== at))];
  return missing.length === 0 && unknown.length === 0 && repeated.length === 0
    ? { isMine: true, scope: '' }
    : { isMine: false, missing, unknown, repeated };
}

/** The names of a header as they are compared, without the columns that the product itself adds to `rows.csv`. */
export function withoutOwnColumns(header: readonly string[]): string[] {
  return header.map(normaliseHeaderCell).filter((name) => !ownColumns.includes(name));
}

/** A header cell as it may be shown: it may be anything, also a number that must not be repeated. */
export function maskHeaderCell(name: string): string {
  const masked = name.replace(/\d(?:[ -]?\d){4,}/g, '…');
  return masked.length > 40 ? `${masked.slice(0, 40)}…` : masked;
}

/** The cells of a header up to the last that has a name: many programs end each line with a delimiter, and a row may do without. */
export function countNamed(header: readonly string[]): number {
  return header.findLastIndex((name) => name.trim() !== '') + 1;
}
