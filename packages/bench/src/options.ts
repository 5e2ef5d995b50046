import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '@passbook/runtime';

/** What can be measured, by the name that `--only` takes. */
export const caseNames = [
  'a',
  'b',
  'c',
  'd',
  'd-ratings',
  'd-trades',
  'e',
  'f',
  'g',
  'h',
  'processors',
  'transfers',
  'ratings',
  'trades',
  'floors',
] as const;
export type CaseName = (typeof caseNames)[number];

/** What a call of `npm run bench` asks for. */
export interface BenchOptions {
  /** Rows of the file that most cases import; all other sizes are parts and multiples of it. */
  rows: number;
  /** How often each thing is measured. The median counts. */
  runs: number;
  only: readonly CaseName[];
  /** Where the results are written, absolute. */
  out: string;
  /** One more run of (a) says which functions the services spend their time in. */
  profile: boolean;
  /** The folder whose services are run. */
  root: string;
}

/** Below that everything is over before it can be measured; above, the generator has too few accounts for (f). */
const ROWS_MIN = 5_000;
const ROWS_MAX = 5_000_000;
/** So that all parts of it are whole. */
const ROWS_STEP = 1_000;
const RUNS_MAX = 99;

const usage = `--rows N, --runs N, --only ${caseNames.join(',')}, --out FOLDER, --profile`;

/** @param defaults the folder whose services are run, and where the user stands @throws UserError (exit code 2) */
export function readOptions(
  args: readonly string[],
  defaults: { root: string; standsIn: string },
): BenchOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rows: { type: 'string', default: '1000000' },
        runs: { type: 'string', default: '3' },
        only: { type: 'string' },
        out: { type: 'string' },
        profile: { type: 'boolean', default: false },
      },
    });
    return {
      rows: readRows(values.rows),
      runs: readCount('--runs', values.runs, 1, RUNS_MAX),
      only: values.only === undefined ? caseNames : values.only.split(',').map(readCase),
      out:
        values.out === undefined ? resolve(defaults.root, '.bench') : resolve(defaults.standsIn, values.out),
      profile: values.profile,
      root: defaults.root,
    };
  } catch (err) {
    // Node adds advice to its first sentence that only confuses here.
    const sentence = (err as Error).message.split(/\.\s/)[0]!.replace(/\.$/, '');
    throw new UserError(`${sentence} (the options are ${usage}).`, { exitCode: 2, cause: err });
  }
}

function readRows(text: string): number {
  const rows = readCount('--rows', text, ROWS_MIN, ROWS_MAX);
  if (rows % ROWS_STEP === 0) return rows;
  throw new Error(`--rows must be a multiple of ${ROWS_STEP}, not ${text}`);
}

function readCount(name: string, text: string, min: number, max: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (count >= min && count <= max) return count;
  throw new Error(`${name} must be a number from ${min} to ${max}, not ${text}`);
}

function readCase(name: string): CaseName {
  const found = caseNames.find((one) => one === name);
  if (found) return found;
  throw new Error(`--only names a case ${name} that there is not`);
}
