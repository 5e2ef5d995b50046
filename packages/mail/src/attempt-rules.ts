/*
 * What comes of an attempt, as pure rules: how it ended → state, time of the next one.
 *
 *   accepted                                        sent
 *   refused with 4xx (MAIL, RCPT, DATA, the mail)   deferred; failed when it has been put off for too long
 *   refused with 5xx at RCPT, DATA or the mail      failed
 *   refused with 5xx at MAIL, but for its size      deferred, and the fault is the sender's: nobody's mail is to blame
 *   lost before the end of the mail was given       the same: without the final dot no server may deliver it
 *   lost after it                                   unknown
 *
 * Source: RFC 5321, 4.2.1 (kinds of replies), 4.5.4.1 (intervals, giving up), 6.1 (who is responsible from which moment).
 */

/** How an attempt ended. */
export type AttemptEnd =
  | { kind: 'accepted'; reply: string }
  | { kind: 'refused'; command: MailCommand; code: number; reply: string }
  | { kind: 'lost'; isWhole: boolean; reason: string };

/** Which command a reply was to; `end` is the final dot. */
export type MailCommand = 'MAIL' | 'RCPT' | 'DATA' | 'end';

export interface RetryPolicy {
  /** The delays before the first, second … next attempt; the last one holds for all that follow. Each is up to doubled by chance. */
  retryDelaysMs: readonly number[];
  /** A mail that is put off for so long after its first attempt has failed. */
  giveUpMs: number;
}

/** What is stored of an attempt. */
export interface Verdict {
  state: 'sent' | 'deferred' | 'failed' | 'unknown';
  reply: string;
  /** Null: none by itself. */
  retryInMs: number | null;
  /** The server takes nothing from us at present: it would be the same with every other mail. */
  isServersFault: boolean;
}

/** Codes of replies that ask who we are, or refuse us for what we are: the mail has nothing to do with it. RFC 4954, 6. */
const refusesUs: ReadonlySet<number> = new Set([530, 534, 535, 538]);

/** The mail is larger than the server takes, or the mailbox is full. */
const TOO_LARGE = 552;

/**
 * @param attempt the how manieth it was, from 1
 * @param ageMs since the first attempt of this mail
 * @param chance from 0 to 1
 */
export function judgeAttempt(
  end: AttemptEnd,
  { attempt, ageMs, chance }: { attempt: number; ageMs: number; chance: number },
  policy: RetryPolicy,
): Verdict {
  const retryInMs = chooseRetryDelay(attempt, chance, policy);
  if (end.kind === 'accepted')
    return { state: 'sent', reply: end.reply, retryInMs: null, isServersFault: false };
  const putOff = (reply: string): Verdict =>
    ageMs + retryInMs > policy.giveUpMs
      ? { state: 'failed', reply: `Given up: ${reply}`, retryInMs: null, isServersFault: false }
      : { state: 'deferred', reply, retryInMs, isServersFault: false };
  if (end.kind === 'lost') {
    if (!end.isWhole) return putOff(end.reason);
    return { state: 'unknown', reply: end.reason, retryInMs, isServersFault: false };
  }
  const { code, command, reply } = end;
  if (refusesUs.has(code) || (command === 'MAIL' && code >= 500 && code !== TOO_LARGE))
    return { state: 'deferred', reply, retryInMs, isServersFault: true };
  if (code >= 500) return { state: 'failed', reply, retryInMs: null, isServersFault: false };
  return putOff(reply);
}

/** The delay before the attempt that follows this one. */
function chooseRetryDelay(attempt: number, chance: number, { retryDelaysMs }: RetryPolicy): number {
  const delay = retryDelaysMs[Math.min(attempt, retryDelaysMs.length) - 1]!;
  return Math.round(delay * (1 + chance));
}
