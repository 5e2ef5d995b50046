import type { MailFiles } from '@passbook/feeds';
import type { Settings } from '@passbook/runtime';

/** The sender of mails that are only written: nobody answers them. */
const nobody = { name: 'Passbook', address: 'passbook@localhost' };

/** How mails are written beside the statements. */
export function mailFilesOf({ MAIL_FROM }: Settings<'MAIL_FROM'>): MailFiles | null {
  return { from: MAIL_FROM ?? nobody };
}
