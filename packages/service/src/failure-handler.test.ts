import { beforeEach, describe, expect, test } from '@jest/globals';
import { ConsumerDeadError } from '@passbook/bus';
import { makeLogger, UserError } from '@passbook/runtime';
import { makeFailureHandler } from './failure-handler.js';

let said: string[];
let bugs: Error[];
let handle: (err: unknown) => void;

beforeEach(() => {
  said = [];
  bugs = [];
  const log = makeLogger('silent');
  const say =
    (level: string) =>
    (text: string): void =>
      void said.push(`${level}: ${text}`);
  Object.assign(log, { warn: say('warn'), error: say('error') });
  handle = makeFailureHandler(log, (err) => bugs.push(err));
});

const withCode = (code: string, message = ''): Error => Object.assign(new Error(message), { code });

describe('a failure', () => {
  test('that passes by itself is a warning each time', () => {
    handle(withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'));
    handle(withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'));
    expect(said).toEqual(
      Array(2).fill('warn: The database is away or busy (connect ECONNREFUSED 127.0.0.1:5432).'),
    );
    expect(bugs).toEqual([]);
  });

  test.each([
    ['a sentence for the user', new UserError('The folder is not there.'), 'The folder is not there.'],
    [
      'a full disk',
      Object.assign(withCode('ENOSPC'), { path: '/data/x' }),
      '/data/x cannot be read or written: the disk is full.',
    ],
    [
      'a full disk where a file gets its second name',
      Object.assign(withCode('ENOSPC'), { path: '/data/x', dest: '/full/x' }),
      '/full/x cannot be read or written: the disk is full.',
    ],
  ])('that a user can mend (%s) is told once', (_what, err, sentence) => {
    handle(err);
    handle(err);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`error: ${sentence}`);
    expect(bugs).toEqual([]);
  });

  test.each([
    ['an error of the language', new TypeError('x is not a function')],
    ['a consumer that is dead while its process lives', new ConsumerDeadError('the consumer has ended')],
    ['something that is no error', 'a text'],
  ])('of its own ends the process: %s', (_what, err) => {
    handle(err);
    expect(bugs).toHaveLength(1);
    expect(said).toEqual([]);
  });
});
