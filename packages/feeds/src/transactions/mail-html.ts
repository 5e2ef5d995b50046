import Handlebars from 'handlebars';
import type { MailContent } from './mail-content.js';
import {
  mailDayTransactionTemplate,
  mailMonthTemplate,
  mailTemplate,
  mailTransactionTemplate,
} from './mail-template.js';
import { makeList } from './statement-page.js';

const page = Handlebars.create().compile<
  Omit<MailContent, 'months' | 'transactions'> &
    Record<'months' | 'transactions', Handlebars.SafeString | null>
>(mailTemplate, { strict: true, knownHelpersOnly: true, data: false });
const monthList = makeList<keyof MailContent['months'][number]>(mailMonthTemplate);
const timedList = makeList<'day' | 'time' | 'amount'>(mailTransactionTemplate);
const dayList = makeList<'day' | 'amount'>(mailDayTransactionTemplate);

/** The page of a mail. Text of a file is escaped by Handlebars alone. */
export function renderMailHtml(content: MailContent): string {
  const { months, transactions, isTimed } = content;
  return page({
    ...content,
    months: monthList(months),
    transactions: transactions.length === 0 ? null : (isTimed ? timedList : dayList)(transactions),
  });
}
