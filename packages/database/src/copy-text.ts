const special = /[\\\t\n\r]/;

/**
 * One cell in the text form of COPY: the only place where a string becomes such a cell.
 * Backslash, tab and line ends are escaped, so that no cell can be read as `\N`, `\.` or as two.
 * NUL cannot be held by Postgres: callers refuse it before.
 */
export function encodeCopyText(cell: string): string {
  if (!special.test(cell)) return cell;
  return cell
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}
