import type { Queryable } from '@passbook/database';
import {
  findException,
  listExceptions,
  type Fault,
  type RowException,
  type RowPlace,
} from '@passbook/imports';
import type { Feed, PostedRow } from './feed.js';

/*
 * What became of each row of an import, in the order of its lines: what the feed posted, merged with the exceptions. A row is
 * in one of the two, as soon as it is accounted for.
 */

/** What became of a row. As JSON it is an answer of `passbook outcome` and of the API. */
export interface RowOutcome {
  line: number;
  outcome: 'posted' | 'duplicate' | 'quarantined';
  /** Of a posted row, where rows become transactions. */
  transaction: { id: string; accountId: string; last4: string | null } | null;
  /** Of a duplicate: the row that it repeats. Null also when that came from no file. */
  duplicateOf: RowPlace | null;
  /** Of a row that was not posted. */
  faults: Fault[];
  /** What stood in a quarantined row, where its feed keeps that. */
  payload?: Record<string, unknown>;
}

const EXCEPTIONS_PER_PAGE = 5_000;
const OUTCOMES_PER_PART = 5_000;

/** The outcome of the row that begins on a line; null when none does, or it is not accounted for yet. */
export async function findOutcome(
  database: Queryable,
  feed: Pick<Feed, 'findPosted'>,
  importNo: number,
  line: number,
): Promise<RowOutcome | null> {
  const exception = await findException(database, importNo, line);
  if (exception) return ofException(exception);
  const row = await feed.findPosted(database, importNo, line);
  return row && ofPosted(row);
}

/** The first outcomes after a line, of all kinds or of one, in the order of lines. */
export async function listOutcomes(
  database: Queryable,
  feed: Pick<Feed, 'listPosted'>,
  importNo: number,
  page: { outcome: RowOutcome['outcome'] | null; afterLine: number; limit: number },
): Promise<RowOutcome[]> {
  const { outcome, afterLine, limit } = page;
  const status = outcome === 'posted' ? null : outcome;
  const [posted, exceptions] = await Promise.all([
    status === null ? feed.listPosted(database, importNo, { afterLine, limit }) : [],
    outcome === 'posted' ? [] : listExceptions(database, importNo, { status, afterLine, limit }),
  ]);
  const outcomes = [...posted.map(ofPosted), ...exceptions.map(ofException)];
  return outcomes.sort((a, b) => a.line - b.line).slice(0, limit);
}

/** All outcomes, a part at a time: memory stays flat. @param connection one connection, for nothing else meanwhile */
export async function* readOutcomes(
  connection: Queryable,
  feed: Pick<Feed, 'readPosted'>,
  importNo: number,
): AsyncGenerator<RowOutcome[], void, undefined> {
  const posted = feed.readPosted(connection, importNo);
  const exceptions = readExceptions(connection, importNo);
  try {
    let rows = { parts: posted, part: [] as PostedRow[], at: 0, isOver: false };
    let others = { parts: exceptions, part: [] as RowException[], at: 0, isOver: false };
    let outcomes: RowOutcome[] = [];
    for (;;) {
      if (rows.at === rows.part.length && !rows.isOver) rows = await nextPart(rows);
      if (others.at === others.part.length && !others.isOver) others = await nextPart(others);
      const row = rows.part[rows.at];
      const other = others.part[others.at];
      if (row && (!other || row.line < other.line)) {
        outcomes.push(ofPosted(row));
        rows.at += 1;
      } else if (other) {
        outcomes.push(ofException(other));
        others.at += 1;
      } else break;
      if (outcomes.length < OUTCOMES_PER_PART) continue;
      yield outcomes;
      outcomes = [];
    }
    if (outcomes.length > 0) yield outcomes;
  } finally {
    await posted.return();
    await exceptions.return();
  }
}

interface Reading<One> {
  parts: AsyncGenerator<One[], void, undefined>;
  part: One[];
  at: number;
  isOver: boolean;
}

/** What follows a part that is used up; an empty one at the end. */
async function nextPart<One>({ parts }: Reading<One>): Promise<Reading<One>> {
  const next = await parts.next();
  return { parts, part: next.done ? [] : next.value, at: 0, isOver: next.done === true };
}

async function* readExceptions(
  connection: Queryable,
  importNo: number,
): AsyncGenerator<RowException[], void, undefined> {
  for (let afterLine = 0; ;) {
    const page = { status: null, afterLine, limit: EXCEPTIONS_PER_PAGE };
    const exceptions = await listExceptions(connection, importNo, page);
    if (exceptions.length === 0) return;
    yield exceptions;
    afterLine = exceptions.at(-1)!.line;
  }
}

function ofPosted({ line, transactionId, accountId, last4 }: PostedRow): RowOutcome {
  return {
    line,
    outcome: 'posted',
    transaction: transactionId === null ? null : { id: transactionId, accountId: String(accountId), last4 },
    duplicateOf: null,
    faults: [],
  };
}

function ofException({ line, status, faults, payload }: RowException): RowOutcome {
  const duplicateOf = status === 'duplicate' ? (faults[0]?.first ?? null) : null;
  return { line, outcome: status, transaction: null, duplicateOf, faults, ...(payload && { payload }) };
}
