import { embeddedSpans } from './measure-embedded.js';
import { spans } from './measure-import.js';
import { smallSpans } from './measure-small-file.js';
import { nameTransfers, transferSpans, walletCounts } from './measure-transfers.js';
import type { CaseName } from './options.js';
import { serviceNames, type ServiceName } from './services.js';

/** The median of what a scene gave under a name; null when it was not measured. */
export type Look = (scene: string, name: string) => number | null;

/** What is to be reached. */
export interface Goal {
  case: CaseName;
  claim: string;
  limit: number;
  /** Else it is at most the limit. */
  isAtLeast?: boolean;
  unit?: 'ratio' | 's';
  /** @param loaded the span that counts as the time of an import: with or without the wait until a file is taken */
  measure: (look: Look, loaded: string) => number | null;
}

/** What ends within two looks of each other ends at once. */
const LOOK_S = 0.05;

export const goals: readonly Goal[] = [
  {
    case: 'a',
    claim: "drop → last row committed, of the DBA's time",
    limit: 0.5,
    measure: (look, loaded) => divide(look('shuffled', loaded), look('yardstick', 'psql')),
  },
  {
    case: 'b',
    claim: "last row → last statement written, of the DBA's time",
    limit: 1 / 3,
    measure: (look) => divide(look('shuffled', spans.statements), look('yardstick', 'psql')),
  },
  {
    case: 'c',
    claim: '`npm start -- FILE`, ready → last row, of (a)',
    limit: 1,
    measure: (look, loaded) => divide(look('embedded', embeddedSpans.loaded), look('shuffled', loaded)),
  },
  ...serviceNames.map((service) => makeMemoryGoal('d', service, 'rows', 'shuffled')),
  ...(['ratings', 'trades'] as const).flatMap((feed) =>
    (['chunker', 'processor', 'reporter'] as const).map((service) =>
      makeMemoryGoal(`d-${feed}`, service, feed, feed),
    ),
  ),
  {
    case: 'e',
    claim: 'a file of one row, drop → statement, nobody else at work',
    limit: 2,
    unit: 's',
    measure: (look) => look('one row', smallSpans.idle),
  },
  {
    case: 'e',
    claim: 'the same while the large file is loaded',
    limit: 5,
    unit: 's',
    // Where the large file was over first, the small one was not beside it.
    measure: (look) =>
      (look('one row', smallSpans.left) ?? 0) > LOOK_S ? look('one row', smallSpans.beside) : null,
  },
  makeShapeGoal('f', 'sorted', 'rows sorted by account, of shuffled', 2),
  makeShapeGoal('f', 'one account', 'all rows of one account, of shuffled', 2),
  makeShapeGoal('f', 'many accounts', 'five rows of each account, of shuffled', 4),
  makeShapeGoal('g', 'half duplicates', 'half of the rows are duplicates, of (a)', 1.5),
  makeShapeGoal('h', 'on top', 'on top of five times as many rows, of (a)', 1.5),
  {
    case: 'processors',
    claim: 'rows a second of three processors, of those of one',
    limit: 0.9,
    isAtLeast: true,
    measure: (look, loaded) => divide(look('shuffled', loaded), look('three processors', loaded)),
  },
  ...walletCounts.flatMap(makeTransferGoals),
  {
    case: 'ratings',
    claim: "four files of ratings, drop → last row committed, of the DBA's time",
    limit: 0.7,
    measure: (look, loaded) => divide(look('ratings', loaded), look('yardstick of ratings', 'psql')),
  },
  {
    case: 'trades',
    claim: "two files of trades, drop → reconciliation written, of the DBA's time",
    limit: 0.7,
    measure: (look, loaded) => {
      const [rows, report] = [look('trades', loaded), look('trades', spans.statements)];
      const both = rows === null || report === null ? null : rows + report;
      return divide(both, look('yardstick of trades', 'psql'));
    },
  },
];

/** A service needs as much memory for a large file as for a small one. @param rows what the files hold @param scene with all */
function makeMemoryGoal(name: CaseName, service: ServiceName, rows: string, scene: string): Goal {
  return {
    case: name,
    claim: `memory of the ${service}, most of least at 0.3, 1 and 3 × the ${rows}`,
    limit: 1.2,
    measure(look) {
      const peaks = [`0.3 × the ${rows}`, scene, `3 × the ${rows}`].map((one) =>
        look(one, `peak.${service}`),
      );
      const known = peaks.filter((peak) => peak !== null);
      return known.length < peaks.length ? null : Math.max(...known) / Math.min(...known);
    },
  };
}

function makeShapeGoal(name: CaseName, scene: string, claim: string, limit: number): Goal {
  const measure: Goal['measure'] = (look, loaded) => divide(look(scene, loaded), look('shuffled', loaded));
  return { case: name, claim: `drop → last row, ${claim}`, limit, measure };
}

/** As many transfers as pgbench makes one by one, and no slow ones; by the ledger itself, and over HTTP. */
function makeTransferGoals(accounts: number): Goal[] {
  const scene = nameTransfers(accounts);
  const spans = transferSpans;
  const ways = [
    ['the ledger', spans.ledger, spans.ledgerSlowest],
    ['over HTTP', spans.http, spans.httpSlowest],
  ] as const;
  return ways.flatMap(([way, thousand, slowest]): Goal[] => [
    {
      case: 'transfers',
      claim: `${scene}, ${way}: how many a second, of pgbench one by one`,
      limit: 1,
      isAtLeast: true,
      measure: (look) => divide(look(scene, spans.pgbench), look(scene, thousand)),
    },
    {
      case: 'transfers',
      claim: `${scene}, ${way}: 99th percentile of one, of that of pgbench`,
      limit: 4,
      measure: (look) => divide(look(scene, slowest), look(scene, spans.pgbenchSlowest)),
    },
  ]);
}

function divide(one: number | null, other: number | null): number | null {
  return one === null || other === null || other === 0 ? null : one / other;
}
