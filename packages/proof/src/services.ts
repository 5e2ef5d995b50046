import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until, userEnvironment } from '@passbook/testing';

export type ServiceName = 'chunker' | 'processor' | 'reporter';

interface Service {
  name: ServiceName;
  process: ChildProcess;
  log: string;
  startedAtMs: number;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** We end it, or have ended it. */
  isCondemned: boolean;
  isFrozen: boolean;
}

/** A stop may take that long: then a container engine would kill it. */
const STOP_DEADLINE_MS = 20_000;

/** Until then a process may still load its code. */
const LISTENING_MS = 5_000;

interface ServicesParts {
  root: string;
  /** Where logs are written, and where the services stand. */
  folder: string;
  environment: Readonly<Record<string, string>>;
}

/** The processes of a run, and what can be done to them. Each is started again as a container engine would. */
export interface Services {
  start(name: ServiceName): void;
  /** Kills one (-9) and starts another. */
  kill(name: ServiceName): Promise<void>;
  /** Tells one to stop, and starts another when it has. */
  terminate(name: ServiceName): Promise<void>;
  /** Stops one (SIGSTOP) for so long; others go on in its place. */
  freeze(name: ServiceName, forMs: number): Promise<void>;
  /** Stops all of a kind for as long as something is done. */
  without(name: ServiceName, run: () => Promise<void>): Promise<void>;
  /** One more for so long. */
  visit(name: ServiceName, forMs: number): Promise<void>;
  /** Ends all (SIGTERM). */
  end(): Promise<void>;
  /** Kills what is left. */
  remove(): Promise<void>;
  logs(): { name: string; path: string }[];
  /** What ended by itself, or not as it should: each is a fault of the product. */
  findings(): string[];
}

export function makeServices(parts: ServicesParts): Services {
  const { running, logs, findings, start, stop, pick, close } = supervise(parts);
  const condemn = (service: Service): void => {
    service.isCondemned = true;
    service.process.kill('SIGKILL');
  };
  return {
    start: (name) => void start(name),
    async kill(name) {
      const service = pick(name);
      condemn(service);
      await service.ended;
      start(name);
    },
    async terminate(name) {
      await stop(pick(name));
      start(name);
    },
    async freeze(name, forMs) {
      const service = pick(name);
      service.isFrozen = true;
      // Somebody has to take its work over: else it would only be late.
      if (!running.some((one) => one.name === name && !one.isFrozen && !one.isCondemned)) start(name);
      service.process.kill('SIGSTOP');
      await pause(forMs);
      service.process.kill('SIGCONT');
      service.isFrozen = false;
    },
    async without(name, run) {
      const all = running.filter((one) => one.name === name && !one.isCondemned);
      await Promise.all(all.map(stop));
      try {
        await run();
      } finally {
        for (const { name: again } of all) start(again);
      }
    },
    async visit(name, forMs) {
      const service = start(name);
      await pause(forMs);
      await stop(service);
    },
    end: async () => void (await Promise.all(running.map(stop))),
    async remove() {
      close();
      running.forEach(condemn);
      await until('all services are gone', () => running.length === 0);
    },
    logs: () => logs,
    findings: () => findings,
  };
}

/** The processes; one that ends by itself is a finding, and is started again. */
function supervise(parts: ServicesParts) {
  const running: Service[] = [];
  const logs: { name: string; path: string }[] = [];
  const findings: string[] = [];
  let isClosed = false;
  const start = (name: ServiceName): Service => {
    if (isClosed) throw new Error('The run is over.');
    const log = join(parts.folder, `${name}-${logs.length + 1}.log`);
    logs.push({ name: `log of ${name} ${logs.length + 1}`, path: log });
    const service = launch({ ...parts, name, log });
    running.push(service);
    void service.ended.then(({ code, signal }) => {
      running.splice(running.indexOf(service), 1);
      if (service.isCondemned) return;
      const text = readFileSync(log, 'utf8');
      findings.push(`A ${name} ended by itself (${code ?? signal}): ${text.trimEnd().slice(-600)}`);
      if (!isClosed) start(name);
    });
    return service;
  };
  const pick = (name: ServiceName): Service => {
    const service = running.find((one) => one.name === name && !one.isFrozen && !one.isCondemned);
    return service ?? start(name);
  };
  const stop = async (service: Service): Promise<void> => {
    service.isCondemned = true;
    service.process.kill('SIGTERM');
    const sinceMs = performance.now();
    const grace = setTimeout(() => service.process.kill('SIGKILL'), STOP_DEADLINE_MS);
    const { code, signal } = await service.ended;
    clearTimeout(grace);
    const tookMs = Math.round(performance.now() - sinceMs);
    // One that has just begun dies of the signal before it can listen to it, and has done nothing yet.
    const isNew = sinceMs - service.startedAtMs < LISTENING_MS;
    if (code !== 0 && !(isNew && signal === 'SIGTERM'))
      findings.push(`A ${service.name} did not stop well (${code ?? signal}) after ${tookMs} ms.`);
  };
  const close = (): void => void (isClosed = true);
  return { running, logs, findings, start, stop, pick, close };
}

function launch(options: ServicesParts & { name: ServiceName; log: string }): Service {
  const file = openSync(options.log, 'a');
  const child = spawn(process.execPath, [join(options.root, 'scripts/service.mjs'), options.name], {
    cwd: options.root,
    env: { ...userEnvironment(options.folder), ...options.environment },
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  const ended = new Promise<Awaited<Service['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    name: options.name,
    process: child,
    log: options.log,
    startedAtMs: performance.now(),
    ended,
    isCondemned: false,
    isFrozen: false,
  };
}
