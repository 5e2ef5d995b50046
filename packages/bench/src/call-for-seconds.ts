import { makeRandom } from '@passbook/testing';

/** How transfers are asked for. */
export interface Calling {
  /** So many at once, each of whom waits for the answer. */
  callers: number;
  seconds: number;
  /** Accounts have the ids from 1. */
  accounts: number;
}

/** What came of it: how long each transfer took, and how many seconds all of them together. */
export interface Measured {
  latenciesMs: number[];
  seconds: number;
}

const SEED = 1;

/** Has transfers made between two accounts drawn by a seed, again and again. */
export async function callForSeconds(
  { callers, seconds, accounts }: Calling,
  transfer: (from: number, to: number) => Promise<void>,
): Promise<Measured> {
  const random = makeRandom(SEED);
  const latenciesMs: number[] = [];
  const begin = performance.now();
  const call = async (): Promise<void> => {
    while (performance.now() < begin + seconds * 1000) {
      const since = performance.now();
      const from = random.between(1, accounts);
      const to = random.between(1, accounts - 1);
      await transfer(from, to >= from ? to + 1 : to);
      latenciesMs.push(performance.now() - since);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return { latenciesMs, seconds: (performance.now() - begin) / 1000 };
}
