import type { MailContent } from './mail-content.js';

/** Columns of a text, so that it fits beside others, and into the list of a phone that is held across. */
const WIDTH = 56;

const LINE_END = '\r\n';

/** The text of a mail says what its page says, in the same order. Its lines end as those of a mail do. */
export function renderMailText(content: MailContent): string {
  const { name, account, period, balance, closing, averages, months, monthsNote, transactions, isTimed } =
    content;
  return [
    'Account statement',
    name,
    account,
    ...(period === null ? [] : [period]),
    ...heading('Balance'),
    ...balance.map((one) => row(one.name, one.amount)),
    row('Closing balance', closing),
    ...heading('Averages'),
    ...averages.map((one) => row(one.name, one.amount)),
    ...heading('Months'),
    ...(monthsNote === null ? [] : [monthsNote]),
    ...months.flatMap((month) => [
      `${month.name} · ${month.count}`,
      row('  Credits', month.credits),
      row('  Debits', month.debits),
    ]),
    ...heading('Transactions'),
    content.listNote,
    transactions.reduce(
      (list, { day, time, amount }) => `${list}${row(isTimed ? `${day}  ${time}` : day, amount)}${LINE_END}`,
      '',
    ),
    `Days${isTimed ? ' and times' : ''} are those of ${content.timeZone}. A machine sent this: nobody reads an answer.`,
    '',
  ].join(LINE_END);
}

function heading(text: string): string[] {
  return ['', text.toUpperCase(), '-'.repeat(text.length)];
}

/** The amount is set flush right, at least two blanks behind its name. */
function row(name: string, amount: string): string {
  return name + amount.padStart(Math.max(WIDTH - name.length, amount.length + 2));
}
