import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until, userEnvironment } from '@passbook/testing';
import { readPeakMemory, readProcessTimes } from './read-process.js';

export const serviceNames = ['chunker', 'processor', 'reporter', 'api'] as const;
export type ServiceName = (typeof serviceNames)[number];

interface Service {
  name: ServiceName;
  process: ChildProcess;
  log: string;
  ended: Promise<void>;
}

export interface ServicesPlan {
  root: string;
  /** Where logs are written, and where the services stand. */
  folder: string;
  environment: Readonly<Record<string, string>>;
  processors: number;
  /** Where each writes a CPU profile when it ends; null: none does. */
  profiles: string | null;
}

/** The processes of one installation. */
export interface Services {
  /** Waits until each has said that it works. */
  untilStarted(): Promise<void>;
  /** @throws Error with the last words of one that has ended by itself */
  expectAlive: () => void;
  /** CPU seconds since the start; several processors are added up. */
  readTimes(): Record<ServiceName, number> | null;
  /** The most memory that each has had, in MiB; of several processors the one that had most. */
  readPeaks(): Record<ServiceName, number> | null;
  /** Tells all to stop, and waits until they have. */
  end(): Promise<void>;
  kill(): Promise<void>;
}

const START_DEADLINE_MS = 60_000;
/** A stop takes 15 s at the most. */
const END_DEADLINE_MS = 20_000;

export function startServices(plan: ServicesPlan): Services {
  const names = serviceNames.flatMap((name) =>
    Array<ServiceName>(name === 'processor' ? plan.processors : 1).fill(name),
  );
  const services = names.map((name, at) => launch(plan, name, join(plan.folder, `${name}-${at}.log`)));
  const isAlive = ({ process }: Service): boolean => process.exitCode === null && process.signalCode === null;
  const expectAlive = (): void => {
    const dead = services.find((service) => !isAlive(service));
    if (dead)
      throw new Error(`The ${dead.name} has ended: ${readFileSync(dead.log, 'utf8').trimEnd().slice(-600)}`);
  };
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    for (const service of services.filter(isAlive)) service.process.kill(name);
    await Promise.all(services.map(({ ended }) => ended));
  };
  const gather = (
    read: (pid: number) => number | null,
    join: (values: number[]) => number,
  ): Record<ServiceName, number> | null => {
    const entries = serviceNames.map(
      (name) =>
        [
          name,
          services.filter((service) => service.name === name).map(({ process }) => read(process.pid!)),
        ] as const,
    );
    if (entries.some(([, values]) => values.includes(null))) return null;
    return Object.fromEntries(entries.map(([name, values]) => [name, join(values as number[])])) as Record<
      ServiceName,
      number
    >;
  };
  return {
    expectAlive,
    async untilStarted() {
      await until(
        'all services have started',
        () => {
          expectAlive();
          return services.every(({ log }) => readFileSync(log, 'utf8').includes('"msg":"started"'));
        },
        START_DEADLINE_MS,
      );
    },
    readTimes: () =>
      gather(
        (pid) => readProcessTimes(pid)?.ownS ?? null,
        (values) => values.reduce((sum, value) => sum + value, 0),
      ),
    readPeaks: () => gather(readPeakMemory, (values) => Math.max(...values)),
    async end() {
      const grace = setTimeout(() => void signal('SIGKILL'), END_DEADLINE_MS);
      await signal('SIGTERM');
      clearTimeout(grace);
    },
    kill: () => signal('SIGKILL'),
  };
}

/** As the image starts it, without what `npm run` does before. */
function launch(plan: ServicesPlan, name: ServiceName, log: string): Service {
  const file = openSync(log, 'a');
  const profiling =
    plan.profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(plan.profiles, name)}`];
  const child = spawn(process.execPath, [...profiling, join(plan.root, 'services', name, 'dist/main.js')], {
    cwd: plan.root,
    env: { ...userEnvironment(plan.folder), ...plan.environment },
    stdio: ['ignore', file, file],
    // Ctrl-C on the terminal is for us, who end it.
    detached: true,
  });
  closeSync(file);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return { name, process: child, log, ended };
}
