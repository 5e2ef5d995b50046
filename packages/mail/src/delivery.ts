/**
 * What became of a mail.
 *
 * due       to be sent; no server was told of it yet
 * sending   a server may be told of it at this moment
 * sent      a server has accepted it
 * deferred  refused for now, or the connection was lost before the end of the mail: tried again later
 * failed    refused for good, or put off for too long
 * unknown   the mail was transmitted to its end, and no answer came: it was sent, or it was not
 */
export const deliveryStates = ['due', 'sending', 'sent', 'deferred', 'failed', 'unknown'] as const;

export type DeliveryState = (typeof deliveryStates)[number];

/** A mail as people see it. */
export interface Delivery {
  no: bigint;
  importId: string;
  file: string;
  accountId: bigint;
  /** Masked. */
  recipient: string;
  state: DeliveryState;
  isHeld: boolean;
  attempts: number;
  /** Null when it is not tried again by itself. An unknown one only where UNKNOWN_DELIVERY is resend. */
  nextAttemptAt: string | null;
  sentAt: string | null;
  messageId: string | null;
  /** What the server said last, or why it said nothing. */
  reply: string | null;
}
