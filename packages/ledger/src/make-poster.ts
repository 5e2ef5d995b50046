import type { Database } from '@passbook/database';
import type { ZoneClock } from '@passbook/runtime';
import { PosterBusyError, type Operation, type Outcome, type Poster } from './operation.js';
import { isOfCalendar, monthOf } from './month-start.js';
import { postGroup } from './post-group.js';
import { isRowId } from './row-id.js';

export interface PosterOptions {
  /** Of the time zone of the installation: months are of it. */
  clock: ZoneClock;
  /** Operations of one call: more of them hold the locks of their accounts for longer. */
  operationsMax?: number;
  /** Groups at work at once: one is computed while another is written to the disk. */
  groupsMax?: number;
  /** For so long the database may be away before whoever waits is told. */
  patienceMs?: number;
}

const OPERATIONS_MAX = 128;
const GROUPS_MAX = 2;

const PATIENCE_MS = 5_000;

/** Some seconds of work. */
const WAITING_MAX = 10_000;

/** Of those that must go on waiting, when a group is taken. */
const LOOKED_AT_MAX = 1_000;

interface Waiting {
  operation: Operation;
  since: number;
  resolve: (outcome: Outcome) => void;
  reject: (reason: unknown) => void;
}

/** Gathers operations that come together into groups: a commit of Postgres takes as long for one as for a hundred. */
export function makePoster(database: Database, options: PosterOptions): Poster {
  const { clock, operationsMax = OPERATIONS_MAX, groupsMax = GROUPS_MAX, patienceMs = PATIENCE_MS } = options;
  const waiting: Waiting[] = [];
  const keysAtWork = new Set<string>();
  const accountsAtWork = new Set<bigint>();
  const groups = new Set<Promise<void>>();
  let isStopped = false;

  /**
   * Begins a group a moment later, so that what comes in the same moment is of it. It takes no more than its share, so that
   * another can be at work beside it: callers who all wait for one group all ask again at once.
   */
  const beginGroup = (): void => {
    if (groups.size >= groupsMax) return;
    const group: Promise<void> = new Promise((resolve) => setImmediate(resolve))
      .then(async () => {
        const share = Math.min(operationsMax, Math.ceil((2 * keysAtWork.size) / (groupsMax + 1)));
        const taken = takeGroup(waiting, accountsAtWork, share, operationsMax);
        // Else those at work have the accounts of all that wait: the first of them to end begins the next.
        if (taken.length > 0) await settleGroup(taken);
        return taken.length > 0;
      })
      .then((hasEnded) => {
        groups.delete(group);
        if (hasEnded && waiting.length > 0) beginGroup();
      });
    groups.add(group);
  };

  const settleGroup = async (group: readonly Waiting[]): Promise<void> => {
    const operations = group.map((one) => one.operation);
    const accounts = operations.flatMap(accountsOf);
    for (const id of accounts) accountsAtWork.add(id);
    if (waiting.length > 0) beginGroup();
    const settled = await postGroup(database, clock, operations, group[0]!.since + patienceMs);
    for (const id of accounts) accountsAtWork.delete(id);
    settled.forEach((one, at) => {
      if (one.status === 'fulfilled') group[at]!.resolve(one.value);
      else group[at]!.reject(one.reason);
    });
  };

  return {
    async post(operation) {
      if (isStopped) throw new PosterBusyError('The ledger takes no more operations: the process ends.');
      const refusal = checkOperation(operation, clock);
      if (refusal) return refusal;
      const key = `${operation.caller}\0${operation.key}`;
      if (keysAtWork.has(key)) return { status: 'in flight' };
      if (waiting.length >= WAITING_MAX)
        throw new PosterBusyError(`${WAITING_MAX} operations wait already. Try again later.`);
      keysAtWork.add(key);
      try {
        return await new Promise<Outcome>((resolve, reject) => {
          waiting.push({ operation, since: performance.now(), resolve, reject });
          beginGroup();
        });
      } finally {
        keysAtWork.delete(key);
      }
    },
    async stop() {
      isStopped = true;
      while (groups.size > 0) await Promise.all(groups);
    },
  };
}

/**
 * Takes the next ones out of those that wait: a share of them, and whoever would wait for those. Not those whose account
 * another group has at work: in the database they would wait for its locks, and all of their group with them. Whoever shares
 * an account with one that stays stays behind it.
 */
function takeGroup(
  waiting: Waiting[],
  accountsAtWork: ReadonlySet<bigint>,
  share: number,
  most: number,
): Waiting[] {
  const group: Waiting[] = [];
  const behind: Waiting[] = [];
  const own = new Set<bigint>();
  const withheld = new Set(accountsAtWork);
  let at = 0;
  for (; at < waiting.length && group.length < most && behind.length < LOOKED_AT_MAX; at++) {
    const one = waiting[at]!;
    const accounts = accountsOf(one.operation);
    const isFree = !accounts.some((id) => withheld.has(id));
    const isTaken = isFree && (group.length < share || accounts.some((id) => own.has(id)));
    (isTaken ? group : behind).push(one);
    for (const id of accounts) (isTaken ? own : withheld).add(id);
  }
  waiting.splice(0, at, ...behind);
  return group;
}

/** Those of a reversal only the database knows. */
function accountsOf(operation: Operation): bigint[] {
  return [
    ...('fromAccountId' in operation ? [operation.fromAccountId] : []),
    ...('toAccountId' in operation ? [operation.toAccountId] : []),
  ];
}

/** @returns the refusal of an account that cannot be: it stays so by itself @throws RangeError */
function checkOperation(operation: Operation, clock: ZoneClock): Outcome | null {
  const { occurredAt } = operation;
  if (occurredAt !== null && !isOfCalendar(monthOf(occurredAt, clock)))
    throw new RangeError(`${occurredAt} is not of the years 1 to 9999 in the time zone of the ledger.`);
  if (operation.kind === 'reversal') return null;
  if (operation.amountMinor <= 0n) throw new RangeError('The amount of an operation is above 0.');
  const impossible = accountsOf(operation).find((id) => !isRowId(id));
  if (impossible === undefined) return null;
  return { status: 'refused', reason: 'ACCOUNT_UNKNOWN', accountId: impossible };
}
