import { expect, test } from '@jest/globals';
import { isRefusedData, isRolledBack, isUniqueViolation, isWeather, RefusedDataError } from './sqlstate.js';

const ofPostgres = (code: string, more: object = {}): Error =>
  Object.assign(new Error('of Postgres'), { code, severity: 'ERROR', ...more });
const ofSystem = (code: string): Error => Object.assign(new Error('of the system'), { code });

test.each<[string, unknown, 'weather' | 'refused data' | 'bug']>([
  ['the server is away', ofSystem('ECONNREFUSED'), 'weather'],
  ['the line is cut', new Error('Connection terminated unexpectedly'), 'weather'],
  ['a deadlock', ofPostgres('40P01'), 'weather'],
  ['a serialization failure', ofPostgres('40001'), 'weather'],
  ['the server stops', ofPostgres('57P01'), 'weather'],
  ['a session that Postgres ended because its transaction was idle', ofPostgres('25P03'), 'weather'],
  ['the disk is full', ofPostgres('53100'), 'weather'],
  ['a statement that was cancelled', ofPostgres('57014'), 'weather'],
  ['a number out of range', ofPostgres('22003'), 'refused data'],
  ['a constraint', ofPostgres('23514'), 'refused data'],
  ['data that we refuse ourselves', new RefusedDataError('too many'), 'refused data'],
  ['a syntax error', ofPostgres('42601'), 'bug'],
  ['a table that is not there', ofPostgres('42P01'), 'bug'],
  ['a TypeError', new TypeError('x is not a function'), 'bug'],
  ['a full disk of ours', ofSystem('ENOSPC'), 'bug'],
  ['what is no error', 'text', 'bug'],
])('%s is told to its kind', (_what, err, kind) => {
  expect([isWeather(err), isRefusedData(err)]).toEqual([kind === 'weather', kind === 'refused data']);
});

test.each([
  ['a deadlock', ofPostgres('40P01'), true],
  ['a serialization failure', ofPostgres('40001'), true],
  ['the line is cut, perhaps on the COMMIT', new Error('Connection terminated unexpectedly'), false],
  ['of a COMMIT nobody knows', ofPostgres('40003'), false],
  ['a statement that was cancelled', ofPostgres('57014'), false],
])('whether nothing of a transaction is there and it may be done again: %s', (_what, err, isNothingThere) => {
  expect(isRolledBack(err)).toBe(isNothingThere);
});

test('a unique violation is told by its constraint', () => {
  const err = ofPostgres('23505', { constraint: 'transactions_pkey' });
  expect([isUniqueViolation(err, 'transactions_pkey'), isUniqueViolation(err, 'another')]).toEqual([
    true,
    false,
  ]);
});
