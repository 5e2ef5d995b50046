// A claim is an empty file whose name says which process made it: <pid>-<start>-<random>. A claim counts as long as that
// process lives. No two claims ever have the same name, so anybody may delete the claim of a dead process, at any time,
// without a race: it can never be a living one's. Killed on any line, a process leaves nothing that binds the others.
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@passbook/runtime';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { processStart } from './embedded-postgres-process.js';

/** Longer than the longest a holder works: a crash recovery of 120 s and a stop of 60 s. */
const LOCK_DEADLINE_MS = 200_000;

export interface Claim {
  remove(): void;
}

export function placeClaim(folder: string): Claim {
  mkdirSync(folder, { recursive: true });
  const name = `${process.pid}-${processStart(process.pid)}-${randomBytes(6).toString('hex')}`;
  const path = join(folder, name);
  closeSync(openSync(path, 'wx'));
  return { remove: () => rmSync(path, { force: true }) };
}

/** The claims of living processes; those of dead ones are deleted. */
export function livingClaims(folder: string): string[] {
  return readdirSync(folder).filter((name) => {
    const [, pid, start] = /^(\d+)-(.+)-[0-9a-f]{12}$/.exec(name) ?? [];
    if (pid === undefined) return false;
    if (processStart(Number(pid)) === start) return true;
    rmSync(join(folder, name), { force: true });
    return false;
  });
}

/**
 * Runs `work` while no other process (and no other call of this one) is inside a `withLock` of the same folder.
 * Whoever wants in places a claim and then looks: of two who do so at once, at least the later sees the other. Who is not
 * alone takes the claim back and tries again after a random while.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const end = performance.now() + LOCK_DEADLINE_MS;
  for (;;) {
    const others = livingClaims(folder);
    const claim = others.length === 0 ? claimIfAlone(folder) : null;
    if (claim) {
      try {
        return await work();
      } finally {
        claim.remove();
      }
    }
    if (performance.now() > end) {
      throw new EmbeddedPostgresError(
        `Process ${others[0]?.split('-')[0] ?? 'of another start'} has been starting or stopping the embedded Postgres ` +
          `for more than ${LOCK_DEADLINE_MS / 1000} s; end it and try again.`,
      );
    }
    await waitFor(10 + Math.random() * 40);
  }
}

function claimIfAlone(folder: string): Claim | null {
  const claim = placeClaim(folder);
  if (livingClaims(folder).length === 1) return claim;
  claim.remove();
  return null;
}
