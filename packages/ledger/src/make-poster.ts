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
  const groups = new Set<Promise<void>>();
  let isStopped = false;

  /** Begins a group a moment later, so that what comes in the same moment is of it. */
  const beginGroup = (): void => {
    if (groups.size >= groupsMax) return;
    const group: Promise<void> = new Promise((resolve) => setImmediate(resolve))
      .then(() => settleGroup(waiting.splice(0, operationsMax)))
      .finally(() => {
        groups.delete(group);
        if (waiting.length > 0) beginGroup();
      });
    groups.add(group);
  };

  const settleGroup = async (group: readonly Waiting[]): Promise<void> => {
    if (group.length === 0) return;
    const operations = group.map((one) => one.operation);
    const settled = await postGroup(database, clock, operations, group[0]!.since + patienceMs);
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

/** @returns the refusal of an account that cannot be: it stays so by itself @throws RangeError */
function checkOperation(operation: Operation, clock: ZoneClock): Outcome | null {
  const { occurredAt } = operation;
  if (occurredAt !== null && !isOfCalendar(monthOf(occurredAt, clock)))
    throw new RangeError(`${occurredAt} is not of the years 1 to 9999 in the time zone of the ledger.`);
  if (operation.kind === 'reversal') return null;
  if (operation.amountMinor <= 0n) throw new RangeError('The amount of an operation is above 0.');
  const ids = [
    'fromAccountId' in operation ? operation.fromAccountId : null,
    'toAccountId' in operation ? operation.toAccountId : null,
  ];
  const impossible = ids.find((id) => id !== null && !isRowId(id));
  if (impossible === undefined || impossible === null) return null;
  return { status: 'refused', reason: 'ACCOUNT_UNKNOWN', accountId: impossible };
}
