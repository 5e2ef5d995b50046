import { createHash } from 'node:crypto';
import { isWeather, type Database } from '@passbook/database';
import { retryDelayMs, UserError, waitFor, type Logger, type SmtpServer } from '@passbook/runtime';
import { startStopwatch, type AttemptLimits } from './attempt-limits.js';
import { judgeAttempt, type AttemptEnd, type RetryPolicy, type Verdict } from './attempt-rules.js';
import { beginAttempt, type BegunAttempt, type Claim } from './claim-deliveries.js';
import { composeMessage } from './compose-message.js';
import { InvalidLetterError, type Letter, type Mailbox } from './letter.js';
import { failDelivery, settleDelivery } from './settle-delivery.js';
import { MailServerError, openSmtpSession, type SmtpSession } from './smtp-session.js';

/*
 * The mails of one claim, one after the other over one connection:
 *
 * 1. Render and compose it.                         Killed: nothing was sent.
 * 2. Open a connection, unless there is one.        Killed: nothing was sent.
 * 3. Store `sending`.                               Killed from here on: its lease ends, and it is `unknown`.
 * 4. Send it.
 * 5. Store what came of it, until it is stored.
 *
 * A server that cannot be had is no attempt: no mail is to blame, and all wait. So step 2 comes before step 3.
 * A letter that cannot be rendered has failed, for a person to look at: else it would keep those behind it for ever.
 */

/** Renders the letters of some accounts of an import, each time the same. */
export type RenderLetters = (
  importNo: number,
  accountIds: readonly bigint[],
  signal: AbortSignal,
) => AsyncGenerator<{ accountId: bigint; letter: Letter }>;

export interface SendParts {
  database: Database;
  server: SmtpServer;
  from: Mailbox;
  renderLetters: RenderLetters;
  retry: RetryPolicy;
  limits: AttemptLimits;
  /** Waits until the next mail may go. */
  takeTurn: (signal: AbortSignal) => Promise<void>;
  log: Logger;
  /** Aborts when nothing is to be waited for any longer: connections are cut. */
  cut: AbortSignal;
  /** Told of each end. */
  onVerdict: (verdict: Verdict) => void;
}

/** The connection that a worker has, if it has one. */
export interface Line {
  session: SmtpSession | null;
}

/** Servers bound how many mails a connection may carry; a hundred is what Postfix allows. */
const MAILS_PER_SESSION = 100;

/**
 * Sends the mails of a claim. When the signal aborts, it finishes the one in hand and leaves the others.
 * @throws MailServerError when the server takes none at present
 */
export async function sendClaim(
  parts: SendParts,
  claim: Claim,
  line: Line,
  signal: AbortSignal,
): Promise<void> {
  const { token } = claim;
  const waiting: Waiting = new Map(claim.deliveries.map((one) => [one.accountId, one.no]));
  for await (const { accountId, letter } of renderEach(parts, claim, waiting, signal)) {
    const no = waiting.get(accountId);
    if (no === undefined) throw new Error('A letter was rendered that nobody asked for.');
    waiting.delete(accountId);
    await sendOne(parts, { token, no, letter }, line, signal);
    if (signal.aborted) return;
  }
  for (const no of waiting.values())
    await failDelivery(parts.database, token, no, 'Its account has no address that mail can be sent to.');
}

/** Those of a claim whose letter has not come yet: accounts → deliveries. */
type Waiting = Map<bigint, bigint>;

/** Renders the letters together; if that fails, each of the others alone, and only the one to blame fails. */
async function* renderEach(
  parts: SendParts,
  { token, importNo, deliveries }: Claim,
  waiting: Waiting,
  signal: AbortSignal,
): ReturnType<RenderLetters> {
  try {
    yield* parts.renderLetters(importNo, [...waiting.keys()], signal);
    return;
  } catch (err) {
    if (signal.aborted || !isOfLetter(err)) throw err;
  }
  const spoilt: { accountId: bigint; no: bigint; err: Error }[] = [];
  for (const [accountId, no] of waiting) {
    try {
      yield* parts.renderLetters(importNo, [accountId], signal);
    } catch (err) {
      if (signal.aborted || !isOfLetter(err)) throw err;
      spoilt.push({ accountId, no, err: err as Error });
    }
  }
  // What spoils every letter is no letter's fault.
  if (spoilt.length > 1 && spoilt.length === deliveries.length) throw spoilt[0]!.err;
  for (const { accountId, no, err } of spoilt) {
    parts.log.error({ err, delivery: String(no) }, 'a mail cannot be rendered; it has failed');
    waiting.delete(accountId);
    const reason = `It cannot be rendered (${err.message}). When that is mended: passbook deliveries resend ${no}`;
    await failDelivery(parts.database, token, no, reason);
  }
}

/** Whether it is neither weather nor a setting, so that the next try would end in the same way. */
const isOfLetter = (err: unknown): boolean => !isWeather(err) && !(err instanceof UserError);

async function sendOne(
  parts: SendParts,
  { token, no, letter }: { token: string; no: bigint; letter: Letter },
  line: Line,
  signal: AbortSignal,
): Promise<void> {
  const { database } = parts;
  let mail: Buffer;
  try {
    mail = await composeMessage(letter, parts.from);
  } catch (err) {
    if (!(err instanceof InvalidLetterError)) throw err;
    return failDelivery(database, token, no, err.message);
  }
  await parts.takeTurn(signal);
  const session = await openLine(parts, line, signal);
  if (signal.aborted) return;
  const elapsedMs = startStopwatch();
  const sha256 = createHash('sha256').update(mail).digest();
  const begun = await beginAttempt(database, token, no, { messageId: letter.messageId, sha256 });
  if (!begun) return;
  const envelope = { from: parts.from.address, to: letter.to.address };
  const end = await transmit(parts, line, session, () => elapsedMs(), envelope, mail);
  const { attempt, ageMs } = begun;
  const verdict = judgeAttempt(end, { attempt, ageMs, chance: Math.random() }, parts.retry);
  await settleSurely(parts, begun, verdict);
  parts.onVerdict(verdict);
  if (verdict.isServersFault) throw new MailServerError(verdict.reply);
}

/** Whoever kept a connection finds out that the server has ended it only when the next mail is to go: then on a new one. */
async function transmit(
  parts: SendParts,
  line: Line,
  session: SmtpSession,
  elapsedMs: () => number,
  envelope: { from: string; to: string },
  mail: Buffer,
): Promise<AttemptEnd> {
  const wasUsed = session.mailsSent() > 0;
  const end = await session.send(envelope, mail, elapsedMs);
  const isOver = (end.kind === 'lost' && !end.hasBegun) || (end.kind === 'refused' && end.code === 421);
  if (!wasUsed || !isOver || end.hasBegun || parts.cut.aborted) return end;
  try {
    const another = await openLine(parts, line, parts.cut);
    return await another.send(envelope, mail, elapsedMs);
  } catch (err) {
    if (err instanceof MailServerError) return { kind: 'lost', isWhole: false, reason: err.message };
    throw err;
  }
}

async function openLine(parts: SendParts, line: Line, signal: AbortSignal): Promise<SmtpSession> {
  const kept = line.session;
  if (kept?.isOpen() && kept.mailsSent() < MAILS_PER_SESSION) return kept;
  kept?.close();
  line.session = null;
  const session = await openSmtpSession(parts.server, parts.limits, signal);
  line.session = session;
  return session;
}

/** Tries until it is stored: a mail that was accepted must not look as if nobody knew. Cut off, it is left to its lease. */
async function settleSurely(parts: SendParts, begun: BegunAttempt, verdict: Verdict): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await settleDelivery(parts.database, begun, verdict);
      return;
    } catch (err) {
      if (!isWeather(err)) throw err;
      if (parts.cut.aborted) {
        parts.log.error(
          { delivery: String(begun.no), state: verdict.state },
          'what came of a mail was not stored',
        );
        return;
      }
      parts.log.warn({ err }, 'what came of a mail cannot be stored yet');
    }
    await waitFor(retryDelayMs(tries), parts.cut);
  }
}
