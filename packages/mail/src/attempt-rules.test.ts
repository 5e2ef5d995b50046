import { describe, expect, test } from '@jest/globals';
import { judgeAttempt, type AttemptEnd, type MailCommand } from './attempt-rules.js';

const minute = 60_000;
const hour = 60 * minute;
const policy = { retryDelaysMs: [5 * minute, 30 * minute, hour], giveUpMs: 96 * hour };
const refused = (command: MailCommand, code: number): AttemptEnd => ({
  kind: 'refused',
  command,
  code,
  reply: `${code} no`,
});
const judge = (end: AttemptEnd, { attempt = 1, ageMs = 0, chance = 0 } = {}) =>
  judgeAttempt(end, { attempt, ageMs, chance }, policy);

test.each<[string, AttemptEnd, string, boolean]>([
  ['accepted', { kind: 'accepted', reply: '250 queued' }, 'sent', false],
  ['refused for now at MAIL', refused('MAIL', 451), 'deferred', false],
  ['refused for now at RCPT', refused('RCPT', 450), 'deferred', false],
  ['refused for now at DATA', refused('DATA', 421), 'deferred', false],
  ['refused for now at its end', refused('end', 452), 'deferred', false],
  ['refused for good at RCPT', refused('RCPT', 550), 'failed', false],
  ['refused for good at DATA', refused('DATA', 554), 'failed', false],
  ['refused for good at its end', refused('end', 554), 'failed', false],
  ['refused for its size at MAIL', refused('MAIL', 552), 'failed', false],
  ['refused for its sender', refused('MAIL', 550), 'deferred', true],
  ['refused because nobody logged in', refused('RCPT', 530), 'deferred', true],
  ['lost before its end', { kind: 'lost', isWhole: false, reason: 'closed' }, 'deferred', false],
  ['lost after its end', { kind: 'lost', isWhole: true, reason: 'closed' }, 'unknown', false],
])('a mail that is %s becomes what it is', (_what, end, state, isServersFault) => {
  expect(judge(end)).toEqual(expect.objectContaining({ state, isServersFault }));
});

describe('the next attempt', () => {
  test.each([
    [1, 0, 5],
    [1, 1, 10],
    [2, 0, 30],
    [2, 0.5, 45],
    [3, 0, 60],
    [40, 0, 60],
  ])('after attempt %i, by chance %d, comes in %i minutes', (attempt, chance, minutes) => {
    expect(judge(refused('RCPT', 451), { attempt, chance }).retryInMs).toBe(minutes * minute);
  });

  test('never comes by itself after an end', () => {
    expect(judge({ kind: 'accepted', reply: '250' }).retryInMs).toBe(null);
    expect(judge(refused('RCPT', 550)).retryInMs).toBe(null);
  });
});

describe('giving up', () => {
  const late = { attempt: 9, ageMs: 95.5 * hour };

  test('comes when the next attempt would be too late', () => {
    expect(judge(refused('RCPT', 451), late)).toEqual({
      state: 'failed',
      reply: 'Given up: 451 no',
      retryInMs: null,
      isServersFault: false,
    });
    expect(judge({ kind: 'lost', isWhole: false, reason: 'closed' }, late).state).toBe('failed');
    expect(judge(refused('RCPT', 451), { ...late, ageMs: 94.5 * hour }).state).toBe('deferred');
  });

  test('never comes for what is the fault of the server, nor for what may have arrived', () => {
    expect(judge(refused('MAIL', 535), late).state).toBe('deferred');
    expect(judge({ kind: 'lost', isWhole: true, reason: 'closed' }, late).state).toBe('unknown');
  });
});
