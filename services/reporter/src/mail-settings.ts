import type { MailFiles } from '@passbook/feeds';
import type { startSender } from '@passbook/mail';
import type { SettingName, Settings } from '@passbook/runtime';

/** What says where mails go. */
export const mailSettings = [
  'MAIL_FROM',
  'SMTP_URL',
  'UNKNOWN_DELIVERY',
  'MAILS_PER_MINUTE',
  'MAIL_RETRY_MINUTES',
  'MAIL_GIVE_UP_HOURS',
] as const satisfies readonly SettingName[];

type MailConfig = Settings<(typeof mailSettings)[number]>;

/** How mails are sent. */
export type MailSending = Pick<
  Parameters<typeof startSender>[0],
  'server' | 'from' | 'retry' | 'isUnknownResent' | 'mailsPerMinute'
>;

/** Where mails go: to files beside the statements, or to a server. One of the two is null. */
export interface MailWay {
  mail: MailFiles | null;
  sending: MailSending | null;
}

/** The sender of mails that are only written: nobody answers them. */
const nobody = { name: 'Passbook', address: 'passbook@localhost' };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function mailWayOf(config: MailConfig): MailWay {
  const from = config.MAIL_FROM ?? nobody;
  if (config.SMTP_URL === undefined) return { mail: { from }, sending: null };
  return {
    mail: null,
    sending: {
      server: config.SMTP_URL,
      from,
      isUnknownResent: config.UNKNOWN_DELIVERY === 'resend',
      mailsPerMinute: config.MAILS_PER_MINUTE,
      retry: {
        retryDelaysMs: config.MAIL_RETRY_MINUTES.map((minutes) => minutes * MINUTE_MS),
        giveUpMs: config.MAIL_GIVE_UP_HOURS * HOUR_MS,
      },
    },
  };
}
