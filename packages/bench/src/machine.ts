import { spawnSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { readSettings } from '@passbook/runtime';
import type { Servers } from './servers.js';

/** What figures depend on beside the code: without it nobody can compare them. */
export interface Machine {
  cores: number;
  processor: string;
  memoryGiB: number;
  /** When the run began. */
  load: number;
  node: string;
  /** Versions. */
  postgres: string;
  kafka: string;
  /** Null where the tree is no clone. */
  commit: string | null;
  date: string;
  /** How long a file must lie still before it is taken: the default of the product, in milliseconds. */
  fileStableMs: number;
}

export function readMachine(root: string, { postgres, kafka }: Servers): Machine {
  const cores = cpus();
  return {
    cores: cores.length,
    processor: cores[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: readLoad(),
    node: process.version,
    postgres: postgres.version,
    kafka: kafka.version,
    commit: readCommit(root),
    date: new Date().toISOString(),
    fileStableMs: readSettings({}, ['FILE_STABLE_MS']).FILE_STABLE_MS,
  };
}

/** Load average of the last minute: above the number of cores, others were at work. */
export function readLoad(): number {
  return loadavg()[0]!;
}

function readCommit(root: string): string | null {
  const { status, stdout } = spawnSync(
    'git',
    ['describe', '--always', '--dirty', '--exclude=*', '--abbrev=12'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return status === 0 ? stdout.trim() : null;
}
