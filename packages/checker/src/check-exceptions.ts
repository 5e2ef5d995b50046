import { nameRow, rowAt, type Book, type Fate, type Row } from './book.js';
import type { Findings } from './findings.js';
import type { DatabaseView } from './read-database.js';

/** Every line that was not posted has one exception that says why, no other line has one, and none repeats a cell. */
export async function checkExceptions(findings: Findings, book: Book, view: DatabaseView): Promise<void> {
  await view.each(
    'select import_no, line, status, faults from import_exceptions',
    ([importNo, line, status, faults]) => {
      const file = book.fileByNo.get(importNo!);
      const row = file && rowAt(file, Number(line));
      if (!row)
        return findings.add(
          'exceptions',
          `one of import ${importNo}, line ${line}, is of no line of any file`,
        );
      row.isExcepted = true;
      checkOne(findings, row, status!, readCodes(faults!));
      if (repeatsCell(row, faults!))
        findings.add('exceptions', `that of ${nameRow(row)} repeats what a cell holds`);
    },
  );
  for (const file of book.files) {
    for (const row of file.rows) {
      if (row.fate === 'posted' || row.fate === null || row.isExcepted) continue;
      findings.add('exceptions', `${nameRow(row)} is ${describe[row.fate]}, and has none`);
    }
  }
}

const describe = { duplicate: 'a duplicate', conflict: 'a conflict', invalid: 'not to be posted' } as const;

function checkOne(findings: Findings, row: Row, status: string, codes: readonly string[]): void {
  const expected: Record<NonNullable<Fate>, string> = {
    posted: 'none',
    duplicate: 'duplicate DUPLICATE',
    conflict: 'quarantined CONFLICT',
    invalid: 'quarantined, with the codes of its faults',
  };
  if (row.fate === null) return;
  const isRight =
    row.fate === 'invalid'
      ? status === 'quarantined' && codes.length > 0 && !codes.some((code) => notFaults.includes(code))
      : expected[row.fate] === [status, ...codes].join(' ');
  if (!isRight)
    findings.add(
      'exceptions',
      `that of ${nameRow(row)} is ${[status, ...codes].join(' ')}, and must be ${expected[row.fate]}`,
    );
}

/** Codes that say how a row met others, not what is wrong with it. */
const notFaults = ['CONFLICT', 'DUPLICATE', ''];

function readCodes(faults: string): string[] {
  const list = JSON.parse(faults) as { code?: string; message?: string }[];
  return list.map(({ code, message }) => (message ? (code ?? '') : ''));
}

/** Of rows that can be posted; for the others the cells are at hand where rows.csv is checked. */
function repeatsCell(row: Row, faults: string): boolean {
  if (!row.account) return false;
  const email = row.holder.split('\0')[3]!;
  return [row.id, email].some((cell) => faults.includes(cell));
}
