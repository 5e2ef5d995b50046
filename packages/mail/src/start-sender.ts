import { isWeather, type Database } from '@passbook/database';
import { startPeriodic, waitFor, warnOf, type Logger, type SmtpServer } from '@passbook/runtime';
import { attemptLimits, type AttemptLimits } from './attempt-limits.js';
import type { DeliveryState } from './delivery.js';
import {
  claimDeliveries,
  expireSending,
  LEASE_RENEW_MS,
  releaseDeliveries,
  renewClaim,
  tellWhyWaiting,
} from './claim-deliveries.js';
import { cleanReply } from './clean-reply.js';
import type { Mailbox } from './letter.js';
import { makeRateLimit } from './rate-limit.js';
import { sendClaim, type Line, type RenderLetters, type SendParts } from './send-claim.js';
import { makeServerTrouble, type ServerTrouble } from './server-trouble.js';
import type { RetryPolicy } from './attempt-rules.js';
import { MailServerError } from './smtp-session.js';

/** Connections to the mail server at the same time, each with one mail in hand. */
const CONNECTIONS = 3;

/** Deliveries of one claim: their letters are rendered together. */
const DELIVERIES_PER_CLAIM = 20;

/** What is put off comes back by its time alone. */
const SWEEP_EVERY_MS = 5_000;

/** What failed once will hardly be mended sooner. */
const PAUSE_AFTER_FAILURE_SECONDS = 30;

/** A process has 15 seconds to end: so much of it is for the answer to a mail that is being sent. */
const CUT_AFTER_MS = 10_000;

export interface Sender {
  /** There may be mails to send. */
  wake(): void;
  /** Finishes the mails that are being sent, and begins no other. */
  stop(): Promise<void>;
  /** Why the server takes no mail at present; null when nothing is known against it. */
  findTrouble(): string | null;
}

export interface SenderParts {
  database: Database;
  server: SmtpServer;
  from: Mailbox;
  renderLetters: RenderLetters;
  retry: RetryPolicy;
  /** Whether a mail that may have arrived is sent again, once. */
  isUnknownResent: boolean;
  mailsPerMinute: number;
  limits?: AttemptLimits;
  log: Logger;
  /** Told when a turn failed; a later one tries the same mails again. */
  onFailure: (err: unknown) => void;
}

/** Sends the mails that are due: `deliveries` → the mail server. Several may do so at once. */
export function startSender(parts: SenderParts): Sender {
  const trouble = makeServerTrouble(parts.log);
  const cut = new AbortController();
  const tally = new Map<DeliveryState, number>();
  const sendParts: SendParts = {
    ...parts,
    limits: parts.limits ?? attemptLimits,
    takeTurn: makeRateLimit(parts.mailsPerMinute),
    cut: cut.signal,
    onVerdict({ state, isServersFault }) {
      tally.set(state, (tally.get(state) ?? 0) + 1);
      if (!isServersFault && state !== 'unknown') trouble.pass();
    },
  };
  const workers = Array.from({ length: CONNECTIONS }, () =>
    startPeriodic(
      async (signal) => {
        await expireSending(parts.database);
        await sendDue(parts, sendParts, trouble, signal);
        if (tally.size > 0) parts.log.info(Object.fromEntries(tally), 'mails handed in');
        tally.clear();
      },
      { everyMs: SWEEP_EVERY_MS, onFailure: parts.onFailure },
    ),
  );
  return {
    wake() {
      for (const worker of workers) worker.wake();
    },
    async stop() {
      const done = new AbortController();
      void waitFor(CUT_AFTER_MS, done.signal).then(() => cut.abort());
      await Promise.all(workers.map((worker) => worker.stop()));
      done.abort();
    },
    findTrouble: () => trouble.reason(),
  };
}

/** Claim after claim over one connection, until nothing is due. */
async function sendDue(
  parts: SenderParts,
  sendParts: SendParts,
  trouble: ServerTrouble,
  signal: AbortSignal,
): Promise<void> {
  const { database, isUnknownResent } = parts;
  const line: Line = { session: null };
  const cutLine = (): void => line.session?.destroy();
  sendParts.cut.addEventListener('abort', cutLine);
  try {
    while (!signal.aborted && !trouble.isPaused()) {
      const claim = await claimDeliveries(database, { limit: DELIVERIES_PER_CLAIM, isUnknownResent });
      if (claim === null) return;
      const lease = startPeriodic(() => renewClaim(database, claim.token), {
        everyMs: LEASE_RENEW_MS,
        onFailure: warnOf(parts.log, 'a lease on mails could not be renewed'),
      });
      let pauseSeconds = 0;
      try {
        await sendClaim(sendParts, claim, line, signal);
      } catch (err) {
        if (signal.aborted) return;
        if (err instanceof MailServerError) {
          // It stands in the log, too: servers repeat addresses.
          const reason = cleanReply(err.message);
          trouble.meet(reason);
          await tellWhyWaiting(database, claim.token, reason);
        } else {
          // What is wrong with these is not to keep the others waiting.
          if (!isWeather(err)) pauseSeconds = PAUSE_AFTER_FAILURE_SECONDS;
          parts.onFailure(err);
          if (isWeather(err)) return;
        }
      } finally {
        await lease.stop();
        await releaseDeliveries(database, claim.token, pauseSeconds);
      }
    }
  } finally {
    sendParts.cut.removeEventListener('abort', cutLine);
    line.session?.close();
  }
}
