/** A table of Markdown; columns of numbers are aligned to the right. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, at) => Math.max(title.length, 3, ...rows.map((row) => row[at]!.length)));
  const isNumeric = header.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^([\d.–]|$)/.test(row[at]!)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (isNumeric[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (isNumeric[at] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line), ''].join('\n');
}
