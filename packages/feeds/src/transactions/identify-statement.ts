import { isUuid } from '../is-uuid.js';

/** A file of a statement, by what it says of itself. */
export interface StatementFile {
  importId: string;
  accountId: bigint;
  text: string;
  /** Null of a page. */
  json: Record<string, unknown> | null;
}

/** @returns null when it is neither the JSON nor the page of a statement */
export function identifyStatement(content: Buffer): StatementFile | null {
  const text = content.toString();
  const json = readJson(text);
  const named = json
    ? { importId: idIn(json['import']), accountId: idIn(json['account']) }
    : { importId: readMeta(text, 'import'), accountId: readMeta(text, 'account') };
  const { importId, accountId } = named;
  if (importId === null || accountId === null || !isUuid(importId) || !/^\d{1,18}$/.test(accountId))
    return null;
  return { importId, accountId: BigInt(accountId), text, json };
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function idIn(part: unknown): string | null {
  const id = (part as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : null;
}

function readMeta(html: string, name: string): string | null {
  return new RegExp(`<meta name="passbook:${name}" content="([^"]*)">`).exec(html)?.[1] ?? null;
}
