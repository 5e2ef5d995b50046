import type { GenerateOptions } from '../../../scripts/generate-transactions.mjs';
import type { Inputs } from './make-inputs.js';
import { measureImport } from './measure-import.js';
import { measureYardstick } from './measure-yardstick.js';
import type { CaseName } from './options.js';
import type { Values } from './samples.js';
import type { Servers } from './servers.js';

/** What scenes are played with. */
export interface Stage {
  servers: Servers;
  inputs: Inputs;
  root: string;
  /** Rows of the file that most scenes import. */
  rows: number;
}

/** One thing that is measured, in each round. */
export interface Scene {
  name: string;
  /** What it is, for the table of all values. */
  what: string;
  /** The cases that need it. */
  cases: readonly CaseName[];
  play(stage: Stage): Promise<Values>;
}

/** A hundredth of the rows: 10,000 accounts of 1,000,000 rows. */
const OPERATIONS = 100;

/** The file that most scenes import; a share of it has fewer operations for each account. */
export function shuffled(rows: number, share = 1): GenerateOptions {
  return { accounts: Math.round(rows / OPERATIONS), operations: Math.round(OPERATIONS * share) };
}

const makeShuffled = ({ inputs, rows }: Stage) => inputs.make('shuffled.csv', shuffled(rows));

/** In the order in which they are played, round after round: what is compared stands side by side. */
export const scenes: readonly Scene[] = [
  {
    name: 'yardstick',
    what: "the DBA's script, psql from its start to its end",
    cases: ['a', 'b'],
    play: async (stage) => measureYardstick(stage.servers, stage.root, await makeShuffled(stage)),
  },
  {
    name: 'shuffled',
    what: 'four services on Kafka, an empty database, rows shuffled',
    cases: ['a', 'b', 'c', 'd', 'f', 'g', 'h', 'processors'],
    play: async (stage) => measureImport(stage.servers, stage, await makeShuffled(stage)),
  },
  {
    name: 'three processors',
    what: 'the same with three processors',
    cases: ['processors'],
    play: async (stage) =>
      measureImport(stage.servers, { root: stage.root, processors: 3 }, await makeShuffled(stage)),
  },
];
