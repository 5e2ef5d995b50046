import type { Logger } from '@passbook/runtime';

/** The first pause after the server took nothing from us, and the longest: they double. */
const PAUSE_MIN_MS = 5_000;
const PAUSE_MAX_MS = 300_000;

/** What the mail server has against us: nobody's mail is to blame for it, and all wait. */
export interface ServerTrouble {
  meet(reason: string): void;
  /** The server has taken a mail, or refused this one alone. */
  pass(): void;
  /** Whether the server is not to be asked now. */
  isPaused(): boolean;
  /** Null when there is none. */
  reason(): string | null;
}

export function makeServerTrouble(log: Logger): ServerTrouble {
  let reason: string | null = null;
  let pauseMs = 0;
  let untilMs = 0;
  return {
    meet(text) {
      const now = performance.now();
      // Of several connections the first one speaks for all.
      if (now < untilMs && text === reason) return;
      pauseMs = Math.min(PAUSE_MAX_MS, pauseMs === 0 ? PAUSE_MIN_MS : pauseMs * 2);
      untilMs = now + pauseMs;
      reason = text;
      log.error({ reason, nextTrySeconds: pauseMs / 1000 }, 'the mail server takes no mail; all mails wait');
    },
    pass() {
      if (reason !== null) log.info('the mail server takes mails again');
      [reason, pauseMs, untilMs] = [null, 0, 0];
    },
    isPaused: () => performance.now() < untilMs,
    reason: () => reason,
  };
}
