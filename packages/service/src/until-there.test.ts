import { expect, test } from '@jest/globals';
import { makeLogger } from '@passbook/runtime';
import { untilThere } from './until-there.js';

function makeOptions() {
  const said: string[] = [];
  const log = makeLogger('silent');
  const say = (text: string): void => void said.push(text);
  Object.assign(log, { warn: say, info: say });
  const stopping = new AbortController();
  return {
    said,
    stopping,
    options: {
      isWeather: (err: unknown) => !(err instanceof TypeError),
      explain: (err: unknown) => (err as Error).message,
      log: log,
      signal: stopping.signal,
    },
  };
}

test('waits until it is there, and says for what once for each reason', async () => {
  const { said, options } = makeOptions();
  const reasons = ['refused', 'refused', 'starting'];
  const result = await untilThere(
    'Postgres at db',
    () => {
      const reason = reasons.shift();
      return reason === undefined ? Promise.resolve('there') : Promise.reject(new Error(reason));
    },
    options,
  );
  expect(result).toBe('there');
  expect(said).toEqual([
    'waiting for Postgres at db: refused',
    'waiting for Postgres at db: starting',
    'Postgres at db is there',
  ]);
});

test('does not wait for what will not pass', async () => {
  const { said, options } = makeOptions();
  await expect(untilThere('it', () => Promise.reject(new TypeError('a bug')), options)).rejects.toThrow(
    'a bug',
  );
  expect(said).toEqual([]);
});

test('ends at once when it is told to stop', async () => {
  const { stopping, options } = makeOptions();
  const waiting = untilThere('it', () => Promise.reject(new Error('away')), options);
  stopping.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});
