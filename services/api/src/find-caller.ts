import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '@passbook/runtime';

/** Who asks. */
export interface Caller {
  /** Whose Idempotency-Keys they are; empty where no keys are asked for. */
  name: string;
  mayWrite: boolean;
}

/**
 * Whose key a header `Authorization` brings: `Bearer KEY`, or `Basic` with the key as the password, which browsers ask a
 * person for. Every hash is compared, in constant time. Null: it is none of them.
 */
export function findCaller(keys: readonly ApiKey[], authorization: string | undefined): Caller | null {
  const text = readKey(authorization);
  if (text === '') return null;
  const given = createHash('sha256').update(text).digest();
  let found: ApiKey | null = null;
  for (const key of keys) if (timingSafeEqual(key.sha256, given)) found = key;
  return found && { name: found.name, mayWrite: found.scope === 'write' };
}

function readKey(authorization = ''): string {
  const [, scheme, credentials] = /^(bearer|basic) +(\S+) *$/i.exec(authorization) ?? [];
  if (credentials === undefined) return '';
  if (scheme!.toLowerCase() === 'bearer') return credentials;
  return Buffer.from(credentials, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
}
