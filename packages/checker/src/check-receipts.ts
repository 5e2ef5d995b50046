import { readFileSync } from 'node:fs';
import type { SettledFiles } from './check-folders.js';
import type { Tally } from './check-figures.js';
import type { Findings } from './findings.js';
import { readTime } from './judge-row.js';
import { writeCents } from './money.js';
import type { DropRecord, ImportRecord } from './read-database.js';

/**
 * The receipt of the first drop of an import has its counts, those of all later drops say that they are its duplicates, and
 * a refused file has its reason: over all receipts the counts are those of the ledger.
 */
export function checkReceipts(
  findings: Findings,
  settled: SettledFiles,
  drops: readonly DropRecord[],
  tallies: Map<string, Tally>,
): void {
  for (const { drop, record, path } of settled.receipts) {
    const tally = tallies.get(record.no);
    if (!tally) continue;
    const first = drops.find((one) => one.importNo === record.no && one.refusedCode === '');
    const receipt = readJson(findings, path);
    if (!receipt) continue;
    compare(
      findings,
      `that of ${drop.finalName}`,
      receipt,
      expectReceipt(drop, record, tally, drop === first),
    );
    for (const name of ['startedAt', 'finishedAt']) {
      const time = receipt[name];
      if (typeof time !== 'string' || !time.endsWith('Z') || readTime(time.slice(0, -1)) === null)
        findings.add('receipts', `that of ${drop.finalName} has no time in ${name}`);
    }
  }
  for (const { drop, record, path } of settled.errors) {
    const error = readJson(findings, path);
    if (!error) continue;
    const expected = { file: drop.name, sha256: record.sha256, code: drop.refusedCode };
    compare(findings, `that of ${drop.finalName}`, error, expected);
    if (typeof error['message'] !== 'string' || error['message'] === '')
      findings.add('receipts', `that of ${drop.finalName} says nothing`);
  }
}

function expectReceipt(
  drop: DropRecord,
  record: ImportRecord,
  tally: Tally,
  isFirst: boolean,
): Record<string, unknown> {
  const known = {
    importId: record.id,
    file: drop.name,
    sha256: record.sha256,
    feed: 'transactions',
    state: 'loaded',
    rowsRead: tally.read,
    rowsQuarantined: tally.invalid + tally.conflict,
  };
  if (isFirst)
    return {
      ...known,
      rowsPosted: tally.posted,
      rowsDuplicate: tally.duplicate,
      accounts: tally.accounts,
      amountPosted: writeCents(tally.net),
      contradictions: tally.contradictions,
      duplicateOf: null,
    };
  return {
    ...known,
    rowsPosted: 0,
    rowsDuplicate: tally.posted + tally.duplicate,
    accounts: 0,
    amountPosted: '0.00',
    contradictions: 0,
    duplicateOf: record.id,
  };
}

function compare(
  findings: Findings,
  name: string,
  found: Record<string, unknown>,
  expected: Record<string, unknown>,
): void {
  for (const [field, value] of Object.entries(expected)) {
    if (found[field] !== value)
      findings.add(
        'receipts',
        `${name} has ${field} ${JSON.stringify(found[field])}, and must have ${JSON.stringify(value)}`,
      );
  }
}

function readJson(findings: Findings, path: string): Record<string, unknown> | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch {
    findings.add('receipts', `${path.slice(path.lastIndexOf('/') + 1)} is no JSON`);
    return null;
  }
}
