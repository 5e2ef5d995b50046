import { parseArgs } from 'node:util';
import { UserError } from '@passbook/runtime';

/** What a call of `npm run prove` asks for. */
export interface ProveOptions {
  seeds: readonly number[];
  /** Rows that are dropped in a run, about. */
  rows: number;
  kafka: string;
  /** Only these faults, by name; null: what the seed chooses. */
  faults: readonly string[] | null;
  /** The folder whose services are run. */
  root: string;
  /** What was run stays in its folder, to be looked at. */
  keep: boolean;
}

const usage = `npm run prove -- [--seeds 20] [--seed N] [--rows 200000] [--kafka 4.3.1] [--faults NAME,NAME] [--keep]`;

/** @throws UserError (exit code 2) */
export function readOptions(
  args: readonly string[],
  defaults: { root: string; kafka: string },
): ProveOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string', default: '20' },
        seed: { type: 'string' },
        rows: { type: 'string', default: '200000' },
        kafka: { type: 'string', default: defaults.kafka },
        faults: { type: 'string' },
        keep: { type: 'boolean', default: false },
      },
    });
    const seeds =
      values.seed === undefined
        ? Array.from({ length: readCount(values.seeds, 1000) }, (_, at) => at + 1)
        : values.seed.split(',').map((seed) => readCount(seed, 2 ** 31));
    return {
      seeds,
      rows: readCount(values.rows, 100_000_000),
      kafka: values.kafka,
      faults: values.faults?.split(',') ?? null,
      root: defaults.root,
      keep: values.keep,
    };
  } catch (err) {
    throw new UserError(`${(err as Error).message}\n${usage}`, { exitCode: 2, cause: err });
  }
}

function readCount(text: string, max: number): number {
  const count = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > max) throw new Error(`${text} is not a number between 1 and ${max}.`);
  return count;
}
