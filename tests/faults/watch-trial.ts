import { randomUUID } from 'node:crypto';
import { appendFile, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Receipt } from '@passbook/imports';
import {
  makeTestDatabase,
  transactionRow,
  transactionsFile,
  until,
  type TestDatabase,
} from '@passbook/testing';
import { makePlace, type Place, type Running } from '../run-passbook.js';
import { faultsEnvironment, isPaused, type Faults } from './watched-process.js';

/** `npm start` in a folder and a database of its own, to which something happens at an exact moment. */
export interface WatchTrial {
  place: Place;
  database: TestDatabase;
  /** Starts it; with faults, they happen to it. */
  start(faults?: Partial<Faults>, settings?: Record<string, string>): Promise<Running>;
  /** Starts one service on Kafka. */
  startService(name: string, kafka: Record<string, string>, faults: Faults): Running;
  /** A path in the folder. */
  at(name: string): string;
  /** Drops a file whole, as a program that does it right; with a time of change of its own, if one is given. */
  drop(name: string, text: string, time?: Date): Promise<void>;
  /** Resolves when the process waits at its pause. */
  paused(): Promise<unknown>;
  /** Makes the file that a fault waits for, or that keeps it up. */
  sign(name: string): Promise<void>;
  receipt(name: string): Promise<Receipt>;
  /** That imports/ is empty, with nothing hidden, and that so many rows were posted, each once. */
  expectAllDone(rows: number): Promise<void>;
  remove(): Promise<void>;
}

export async function makeWatchTrial(): Promise<WatchTrial> {
  const place = await makePlace();
  const database = await makeTestDatabase();
  const at = (name: string): string => join(place.path, name);
  let running: Running | undefined;
  const orTell = <T>(wait: Promise<T>): Promise<T> =>
    wait.catch((err: Error) => {
      throw new Error(`${err.message}\n${running?.output()}`, { cause: err });
    });
  return {
    place,
    database,
    at,
    async start(faults, settings = {}) {
      const own = place.start('start.mjs', [], {
        DATABASE_URL: database.url,
        FILE_STABLE_MS: '50',
        ...settings,
        ...(faults && faultsEnvironment(place, { log: 'operations', ...faults })),
      });
      running = own;
      await orTell(until('it watches', () => own.output().includes('Passbook watches')));
      return own;
    },
    startService: (name, kafka, faults) =>
      place.start('service.mjs', [name], {
        DATABASE_URL: database.url,
        FILE_STABLE_MS: '50',
        ...kafka,
        ...faultsEnvironment(place, faults),
      }),
    async drop(name, text, time) {
      const whole = at(`${name}.tmp`);
      await writeFile(whole, text);
      if (time) await utimes(whole, time, time);
      await rename(whole, at(`imports/${name}`));
    },
    paused: () => orTell(until('it waits', () => isPaused(place, 'operations'))),
    sign: (name) => appendFile(at(name), ''),
    receipt: (name) =>
      orTell(
        until(`${name} has its receipt`, async () => {
          const text = await readFile(at(`processed/${name}.receipt.json`), 'utf8').catch(() => null);
          return text !== null && (JSON.parse(text) as Receipt);
        }),
      ),
    async expectAllDone(rows) {
      const read = async (folder: string): Promise<string[]> => (await readdir(at(folder))).sort();
      const isEmpty = async (): Promise<boolean> =>
        (await read('imports')).join() === '.claimed' && (await read('imports/.claimed')).length === 0;
      await orTell(until('imports/ is empty', isEmpty));
      for (const folder of ['processed', 'quarantine'])
        expect((await read(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
      const { rows: found } = await database.query<{ count: bigint }>('select count(*) from transactions');
      expect(Number(found[0]!.count)).toBe(rows);
    },
    async remove() {
      await place.remove();
      await database.drop();
    },
  };
}

/** So many rows of one account; with more than 10,000 the file is longer than what is read at once. */
export function makeRows(count: number): string[] {
  const account = String(800_000_000_000 + Math.floor(Math.random() * 1e9));
  return Array.from({ length: count }, () => transactionRow({ account, id: randomUUID() }));
}

export const makeText = (count: number): string => transactionsFile(makeRows(count));
