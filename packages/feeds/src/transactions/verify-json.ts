import type { StatementTransaction } from './statement-figures.js';
import type { StatementJson } from './statement-json.js';
import type { Differences } from './verify-differences.js';

/** Holds a statement's JSON to what the ledger would write; its transactions come one by one. */
export interface JsonComparison {
  take(transaction: StatementTransaction): void;
  /** When all were taken: what the file has beyond them. */
  end(): void;
}

/** @param file parsed, whatever it is @param ledger what the ledger would write */
export function compareJson(
  file: Record<string, unknown>,
  ledger: StatementJson,
  differences: Differences,
): JsonComparison {
  const summary = listFigures({ ...file, transactions: null });
  const expected = listFigures(JSON.parse(ledger.head.slice(0, ledger.head.lastIndexOf(',')) + '}'));
  expected.set('transactions', 'null');
  for (const figure of new Set([...expected.keys(), ...summary.keys()]))
    differences.compare(figure, summary.get(figure) ?? null, expected.get(figure) ?? null);
  const listed = Array.isArray(file['transactions']) ? (file['transactions'] as unknown[]) : [];
  const byId = new Map<string, unknown>();
  for (const one of listed) {
    const id = idOf(one);
    if (byId.has(id)) differences.compare(`transactions[${id}]`, 'there twice', 'there once');
    byId.set(id, one);
  }
  return {
    take(transaction) {
      const wanted: unknown = JSON.parse(ledger.transaction(transaction, true));
      const found = byId.get(transaction.id);
      byId.delete(transaction.id);
      compareTransaction(transaction.id, found, wanted, differences);
    },
    end() {
      for (const [id, one] of byId) differences.compare(`transactions[${id}]`, JSON.stringify(one), null);
    },
  };
}

function compareTransaction(id: string, found: unknown, wanted: unknown, differences: Differences): void {
  if (found === undefined) return differences.compare(`transactions[${id}]`, null, JSON.stringify(wanted));
  const [says, ledgerSays] = [listFigures(found), listFigures(wanted)];
  for (const name of new Set([...ledgerSays.keys(), ...says.keys()]))
    differences.compare(`transactions[${id}].${name}`, says.get(name) ?? null, ledgerSays.get(name) ?? null);
}

function idOf(transaction: unknown): string {
  const id = (transaction as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : JSON.stringify(transaction);
}

/** Each value by the way to it, as `months[2021-01].credits`. */
function listFigures(value: unknown, path = '', figures = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) {
    value.forEach((one: unknown, at) => {
      const { month } = (one ?? {}) as { month?: unknown };
      listFigures(one, `${path}[${typeof month === 'string' ? month : at}]`, figures);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value))
      listFigures(one, path === '' ? name : `${path}.${name}`, figures);
  } else figures.set(path, typeof value === 'string' ? value : JSON.stringify(value ?? null));
  return figures;
}
