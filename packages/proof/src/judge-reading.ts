import { isHeader, makeRowJudge, readRecords } from '@passbook/checker';
import type { ProductReading, TakenRow } from './read-as-product.js';

type Read = ProductReading & { kind: 'read' };

/**
 * Whether the product has read a file as it should have: each row is accounted for once; of a transactions file each row is
 * what csv-parse and the checker's own rules say; of another layout each amount is what its text says by the marks of the
 * format.
 * @param content of the file, in UTF-8
 * @returns what is wrong
 */
export function judgeReading(reading: Read, content: Buffer): string[] {
  const findings = findUnaccounted(reading);
  if (reading.format === null) findings.push(...judgeTransactions(reading, content));
  else findings.push(...judgeAmounts(reading, content));
  return findings;
}

function findUnaccounted({ lines, taken, faulty }: Read): string[] {
  const outcomes = [...taken.map(({ line }) => line), ...faulty.keys()].sort((a, b) => a - b);
  return outcomes.length === lines.length && outcomes.every((line, at) => line === lines[at])
    ? []
    : [`rows begin on the lines ${lines.join()}, outcomes are of ${outcomes.join()}`];
}

function judgeTransactions({ lines, taken, faulty }: Read, content: Buffer): string[] {
  const findings: string[] = [];
  const rows = new Map(taken.map((row) => [row.line, row]));
  const seen: number[] = [];
  let judge: ReturnType<typeof makeRowJudge> | undefined;
  readRecords(content, ({ line, cells }) => {
    if (!judge) {
      if (!cells || !isHeader(cells)) findings.push(`line ${line} is no header`);
      judge = makeRowJudge(cells ?? []);
      return;
    }
    seen.push(line);
    const good = cells && judge(cells);
    const row = rows.get(line);
    if (Boolean(good) !== Boolean(row)) {
      const codes = faulty.get(line)?.map(({ code }) => code);
      findings.push(
        `line ${line} is ${good ? 'good' : 'bad'}, and was ${row ? 'taken' : `refused: ${codes?.join()}`}`,
      );
    }
    if (!good || !row) return;
    const expected: TakenRow = {
      line,
      id: good.id,
      occurredAt: `${good.time.replace(' ', 'T').slice(0, 19)}.${(good.time.slice(20, 23) || '').padEnd(3, '0')}Z`,
      amountMinor: good.cents,
      last4: good.digits.slice(-4),
      holder: good.holder,
    };
    for (const key of Object.keys(expected) as (keyof TakenRow)[]) {
      if (row[key] !== expected[key])
        findings.push(`line ${line}: ${key} is ${String(row[key])}, not ${String(expected[key])}`);
    }
  });
  if (seen.join() !== lines.join())
    findings.push(`rows begin on the lines ${seen.join()}, not ${lines.join()}`);
  return findings;
}

/** Looks at lines that stand by themselves; what a quoted cell with a line end means is for the judge of transactions. */
function judgeAmounts({ format, taken }: Read, content: Buffer): string[] {
  const { delimiter, header, columns } = format!.format;
  const { column, credit, debit, flag, decimal, strip } = columns.transaction;
  const lines = content
    .toString()
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/);
  const names = splitLine(lines[format!.headerLine - 1]!, delimiter).map(normalise);
  if (names.length < header.length) return [];
  const findings: string[] = [];
  for (const { line, amountMinor } of taken) {
    const cells = splitLine(lines[line - 1]!, delimiter);
    if (cells.length < header.length) continue;
    const cell = (name: string): string => (cells[names.indexOf(normalise(name))] ?? '').trim();
    const signed =
      column === undefined ? (cell(credit!) === '' ? cell(debit!) : cell(credit!)) : cell(column);
    const isDebit =
      column === undefined ? cell(credit!) === '' : flag !== undefined && cell(flag.column) === flag.debit;
    const value = readDecimal(signed, decimal!, strip);
    const expected = isDebit ? value.replace(/^/, '-').replace(/^--|^-(?=0+$)/, '') : value;
    const given = trim(amountMinor.toString());
    if (given !== trim(expected))
      findings.push(`line ${line}: the amount is ${given}, not ${trim(expected)} (${signed})`);
  }
  return findings;
}

/** The minor units of an amount with two decimals, digit by digit; text that is none stays one that no number equals. */
function readDecimal(text: string, decimal: string, strip: readonly string[]): string {
  let plain = text.replace(/[\u00a0\u2007\u2009\u202f]/g, ' ').replace(/\u2212/g, '-');
  for (const one of strip) plain = plain.replaceAll(one, '');
  const [whole = '', fraction = '', ...more] = plain.trim().split(decimal);
  const digits = whole.replace(/^\+/, '').replace(/[.,' ]/g, '');
  return more.length > 0 ? text : digits + fraction.padEnd(2, '0');
}

function trim(minor: string): string {
  return minor.replace(/^(-?)0+(?=\d)/, '$1').replace(/^-0$/, '0');
}

function splitLine(line: string, delimiter: string): string[] {
  const cells = line.match(new RegExp(`("(?:[^"]|"")*"|[^"${delimiter}]*)(?:${delimiter}|$)`, 'g')) ?? [];
  const joined = cells.join('');
  if (joined !== line) return [];
  const ended = line.endsWith(delimiter) || cells.at(-1) !== '' ? cells : cells.slice(0, -1);
  return ended.map((cell) => {
    const text = cell.endsWith(delimiter) ? cell.slice(0, -1) : cell;
    return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  });
}

function normalise(name: string): string {
  return name.trim().toLowerCase();
}
