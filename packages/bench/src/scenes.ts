import type { GenerateOptions } from '../../../scripts/generate-transactions.mjs';
import { measureCopy } from './floor-copy.js';
import { measureReading } from './floor-reading.js';
import { measureTransport } from './floor-transport.js';
import type { Input, Inputs } from './make-inputs.js';
import { measureEmbedded } from './measure-embedded.js';
import { measureFiles } from './measure-files.js';
import { measureImport, type ImportQuestion } from './measure-import.js';

import { measureSmallFile } from './measure-small-file.js';
import { measureTransfers, nameTransfers, walletCounts } from './measure-transfers.js';
import { measureYardstick } from './measure-yardstick.js';
import type { CaseName } from './options.js';
import type { Scene, Stage } from './scene.js';

/** Of each account: 1,000,000 rows have 10,000 of them. */
const OPERATIONS = 100;

/** Of each account, where accounts are many. */
const OPERATIONS_FEW = 5;

/** They share the rows. */
const RATING_AGENCIES = 4;

/** The file that most scenes import, or one of other size with the same accounts. */
function shuffled(rows: number, share = 1): GenerateOptions {
  return { accounts: Math.round(rows / OPERATIONS), operations: Math.round(OPERATIONS * share) };
}

/** The file of `shuffled`. */
export const makeShuffled = ({ inputs, rows }: Stage, share = 1): Promise<Input> =>
  inputs.make(`shuffled-${share}.csv`, shuffled(rows, share));

/** An import into an empty database by four services, of a file of another shape. */
function importOf(
  name: string,
  what: string,
  cases: readonly CaseName[],
  make: (stage: Stage) => Promise<Input>,
  question: ImportQuestion = {},
): Scene {
  return {
    name,
    what,
    cases,
    play: async (stage) => measureImport(stage.servers, { root: stage.root }, await make(stage), question),
  };
}

/** Files of a declared feed, dropped at once. @param make such files, of so many rows together */
const filesOf =
  (make: (inputs: Inputs, rows: number) => Promise<Input[]>) =>
  (name: string, what: string, cases: readonly CaseName[], share = 1): Scene => ({
    name,
    what,
    cases,
    play: async ({ servers, root, inputs, rows }) =>
      measureFiles(servers, { root }, await make(inputs, Math.round(share * rows))),
  });

const ratingsOf = filesOf((inputs, rows) => inputs.makeRatings(Math.round(rows / RATING_AGENCIES)));
const tradesOf = filesOf((inputs, rows) => inputs.makeTrades(rows));

/** Transfers of programs between so many wallets. */
function transfersAmong(accounts: number): Scene {
  return {
    name: nameTransfers(accounts),
    what: '32 callers at once, each waits for its answer; pgbench does the same one by one (yardstick-transfers.sql)',
    cases: ['transfers'],
    play: ({ servers, root }) => measureTransfers(servers, root, accounts),
  };
}

/** In the order in which they are played, round after round: what is compared stands side by side. */
export const scenes: readonly Scene[] = [
  {
    name: 'yardstick',
    what: "the DBA's script: psql from its start to its end",
    cases: ['a', 'b'],
    play: async (stage) => measureYardstick(stage.servers, stage.root, await makeShuffled(stage)),
  },
  importOf(
    'shuffled',
    'four services on Kafka, an empty database, rows shuffled',
    ['a', 'b', 'c', 'd', 'f', 'g', 'h', 'processors'],
    makeShuffled,
  ),
  {
    name: 'three processors',
    what: 'the same with three processors',
    cases: ['processors'],
    play: async (stage) =>
      measureImport(stage.servers, { root: stage.root, processors: 3 }, await makeShuffled(stage)),
  },
  {
    name: 'embedded',
    what: '`npm start -- FILE` with the same file: one process, its own Postgres',
    cases: ['c'],
    play: async (stage) => measureEmbedded(stage.servers, stage.root, await makeShuffled(stage)),
  },
  importOf('0.3 × the rows', 'the same accounts with fewer rows', ['d'], (stage) => makeShuffled(stage, 0.3)),
  importOf('3 × the rows', 'the same accounts with more rows', ['d'], (stage) => makeShuffled(stage, 3)),
  {
    name: 'one row',
    what: 'files of one row: drop → statement',
    cases: ['e'],
    play: async (stage) =>
      measureSmallFile(stage.servers, stage.root, stage.inputs, await makeShuffled(stage)),
  },
  importOf('sorted', 'as many rows, sorted by account', ['f'], ({ inputs, rows }) =>
    inputs.make('sorted.csv', { ...shuffled(rows), order: 'account' }),
  ),
  importOf('one account', 'as many rows, all of one account', ['f'], ({ inputs, rows }) =>
    inputs.make('one-account.csv', { accounts: 1, operations: rows }),
  ),
  importOf(
    'many accounts',
    'as many rows, five of each account; its statements are not waited for',
    ['f'],
    ({ inputs, rows }) =>
      inputs.make('many-accounts.csv', { accounts: rows / OPERATIONS_FEW, operations: OPERATIONS_FEW }),
    // Twenty times as many as in (b).
    { withoutStatements: true },
  ),
  {
    name: 'half duplicates',
    what: 'as many rows, half of them of a file that is loaded already',
    cases: ['g'],
    async play(stage) {
      const first = shuffled(stage.rows);
      // Another range of days gives other operations.
      const more = { ...shuffled(stage.rows, 0.5), from: '2021-02-01' };
      const input = await stage.inputs.makeMixed('half-duplicates.csv', first, more);
      const template = await stage.templates.after(await makeShuffled(stage));
      const plan = { root: stage.root, template };
      return measureImport(stage.servers, plan, input, { duplicates: input.rows / 2 });
    },
  },
  {
    name: 'on top',
    what: 'the same file as a second import, on top of five times as many rows of the same accounts',
    cases: ['h'],
    async play(stage) {
      const template = await stage.templates.after(await makeShuffled(stage, 5));
      return measureImport(stage.servers, { root: stage.root, template }, await makeShuffled(stage));
    },
  },
  ...walletCounts.map(transfersAmong),
  {
    name: 'yardstick of ratings',
    what: "the DBA's script for ratings: psql from its start to its end",
    cases: ['ratings'],
    async play({ servers, root, inputs, rows }) {
      const [first] = await inputs.makeRatings(rows / RATING_AGENCIES);
      return measureYardstick(servers, root, first!, 'yardstick-ratings.sql');
    },
  },
  ratingsOf('ratings', 'the files of four rating agencies, dropped at once', ['ratings', 'd-ratings']),
  ratingsOf('0.3 × the ratings', 'the same with fewer rows', ['d-ratings'], 0.3),
  ratingsOf('3 × the ratings', 'the same with more rows', ['d-ratings'], 3),
  {
    name: 'yardstick of trades',
    what: "the DBA's script for trades and their reconciliation: psql from its start to its end",
    cases: ['trades'],
    async play({ servers, root, inputs, rows }) {
      const [first] = await inputs.makeTrades(rows);
      return measureYardstick(servers, root, first!, 'yardstick-trades.sql');
    },
  },
  tradesOf('trades', 'so many trades of customers and what the repository holds of them, dropped at once', [
    'trades',
    'd-trades',
  ]),
  tradesOf('0.3 × the trades', 'the same with fewer rows', ['d-trades'], 0.3),
  tradesOf('3 × the trades', 'the same with more rows', ['d-trades'], 3),
  {
    name: 'floor: reading',
    what: 'steps of the chunker alone',
    cases: ['floors'],
    play: async (stage) => measureReading(await makeShuffled(stage)),
  },
  {
    name: 'floor: transport',
    what: 'the bytes of the chunks through Kafka alone, from the first that is sent to the last that is received',
    cases: ['floors'],
    play: async (stage) => measureTransport(stage.servers, await makeShuffled(stage)),
  },
  {
    name: 'floor: COPY',
    what: 'Postgres alone: the rows into the empty table of the ledger, with its key and its index',
    cases: ['floors'],
    play: (stage) => measureCopy(stage.servers, shuffled(stage.rows)),
  },
];
