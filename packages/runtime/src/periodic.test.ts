import { expect, test } from '@jest/globals';
import { startPeriodic } from './periodic.js';
import { makeSemaphore } from './semaphore.js';

const fail = (err: unknown): void => {
  throw err;
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a task runs at once, again when it is woken, and not after it was stopped', async () => {
  let runs = 0;
  const periodic = startPeriodic(() => Promise.resolve(void runs++), { everyMs: 1_000_000, onFailure: fail });
  while (runs < 1) await turn();
  periodic.wake();
  while (runs < 2) await turn();
  await periodic.stop();
  await periodic.stop();
  periodic.wake();
  for (let n = 0; n < 20; n++) await turn();
  expect(runs).toBe(2);
});

test('a wake while the task runs makes it run once more: what it was woken for may have come too late', async () => {
  let runs = 0;
  let finish = (): void => {};
  const periodic = startPeriodic(
    () => {
      runs += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    },
    { everyMs: 1_000_000, onFailure: fail },
  );
  while (runs < 1) await turn();
  periodic.wake();
  periodic.wake();
  finish();
  while (runs < 2) await turn();
  const stopped = periodic.stop();
  finish();
  await stopped;
  expect(runs).toBe(2);
});

test('a task that fails is told of, and tried again', async () => {
  const failures: unknown[] = [];
  let runs = 0;
  const periodic = startPeriodic(
    () => (runs++ === 0 ? Promise.reject(new Error('once')) : Promise.resolve()),
    {
      everyMs: 1,
      onFailure: (err) => failures.push(err),
    },
  );
  while (runs < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  await periodic.stop();
  expect(failures).toEqual([new Error('once')]);
});

test('a semaphore lets as many in as it has places, in the order they came, also after a failure', async () => {
  const inTurn = makeSemaphore(2);
  const began: number[] = [];
  const finish: (() => void)[] = [];
  const tasks = [0, 1, 2, 3].map((no) =>
    inTurn(() => {
      began.push(no);
      return new Promise<void>((resolve, reject) =>
        finish.push(no === 0 ? () => reject(new Error('first')) : resolve),
      );
    }).catch(() => {}),
  );
  await turn();
  expect(began).toEqual([0, 1]);
  finish[0]!();
  await tasks[0];
  await turn();
  expect(began).toEqual([0, 1, 2]);
  finish[1]!();
  finish[2]!();
  await turn();
  finish[3]!();
  await Promise.all(tasks);
  expect(began).toEqual([0, 1, 2, 3]);
});
