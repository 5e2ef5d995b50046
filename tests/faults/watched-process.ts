import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, type Place } from '../run-passbook.js';

/* Processes whose operations are written down, and that die, wait or fail at one of them: see kill-points.mjs. */

/** An operation of a process: something it did to a file, to Postgres or to Kafka. */
export interface Operation {
  name: string;
  /** The how manieth of that name; 0 for what changes nothing, or came before the counting began. */
  nth: number;
  /** `>` it begins, `<` it has ended, `|` it waits. */
  moment: '>' | '<' | '|';
}

/** Where a process is to be killed. */
export interface KillPoint {
  name: string;
  nth: number;
  side: 'before' | 'after';
}

export type Signal = 'SIGKILL' | 'SIGTERM';

/** What is to happen to a process. Patterns are of the names of operations. */
export interface Faults {
  /** The name of its log, in the folder of the place. */
  log: string;
  begin?: RegExp;
  kill?: KillPoint & { signal: Signal };
  /** The first operation that matches waits until there is a file of that path. */
  pause?: { at: RegExp; until: string };
  /** The disk is full for operations that match, as long as there is a file of that path. */
  full?: { for: RegExp; while: string };
  /** The clock jumps by so much as soon as there is a file of that path. */
  clock?: { byMs: number; when: string };
}

/** The statement by which a processor claims the chunks of a batch, by its beginning: the log has no more of it. */
export const claimOfChunks =
  /^with given as \( select \* from unnest\(\$1::integer\[\], \$2::integer\[\], \$3::text/;

/** The environment that makes it happen. */
export function faultsEnvironment(place: Place, faults: Faults): Record<string, string> {
  const { log, begin, kill, pause, full, clock } = faults;
  const preload = (name: string): string =>
    `--import=${pathToFileURL(join(root, 'tests/faults', name)).href}`;
  return {
    NODE_OPTIONS: `${preload('kill-points.mjs')}${clock ? ` ${preload('shift-clock.mjs')}` : ''}`,
    TEST_OPERATIONS: join(place.path, log),
    ...(begin && { TEST_BEGIN: begin.source }),
    ...(kill && { TEST_KILL_AT: `${kill.side}:${kill.signal}:${kill.nth}:${kill.name}` }),
    ...(pause && { TEST_PAUSE_AT: `${pause.at.source}=>${pause.until}` }),
    ...(full && { TEST_FULL: `${full.for.source}=>${full.while}` }),
    ...(clock && { TEST_CLOCK: `${clock.byMs}=>${clock.when}` }),
  };
}

/** What a process has done so far, in order. */
export async function readOperations(place: Place, log: string): Promise<Operation[]> {
  const text = await readFile(join(place.path, log), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, nth, moment, name] = /^(\d+) ([><|]) (.*)$/.exec(line)!;
      return { nth: Number(nth), moment: moment as Operation['moment'], name: name! };
    });
}

/** Whether a process waits at its pause. */
export async function isPaused(place: Place, log: string): Promise<boolean> {
  return (await readOperations(place, log)).some(({ moment }) => moment === '|');
}

/** Both sides of each operation that was counted. */
export function listKillPoints(operations: readonly Operation[]): KillPoint[] {
  return operations
    .filter(({ nth, moment }) => nth > 0 && moment === '>')
    .flatMap(({ name, nth }) => [
      { name, nth, side: 'before' as const },
      { name, nth, side: 'after' as const },
    ]);
}

export function showPoint({ name, nth, side }: KillPoint): string {
  return `${side} ${nth > 1 ? `${nth}. ` : ''}${name}`;
}

/**
 * Runs a task for each item, several at a time.
 * @returns what they gave, in the order of the items
 * @throws what the first that failed threw, when those beside it have ended, too
 */
export async function runEach<T, R>(
  items: readonly T[],
  atOnce: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const at = next++;
      try {
        results[at] = await task(items[at]!);
      } catch (err) {
        failures.push(err);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Some of them, chosen by chance. */
export function choose<T>(items: readonly T[], count: number, random: () => number): T[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1).at(0)!,
  );
}

/** Printed, so that a failure can be had again. */
export function chooseSeed(what: string): number {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stderr.write(`${what}: TEST_SEED=${seed}\n`);
  return seed;
}
