import { describeImportRows } from './import-rows.js';
import type { ImportIndexAccount, ImportIndexFigures, ImportIndexTotal } from './statement-figures.js';
import { countFormats, statementFormats } from './statement-formats.js';
import { INDEX_SCRIPT_SOURCE, indexScript } from './statement-index-script.js';
import { accountTemplate, indexTemplate, totalTemplate } from './statement-index-template.js';
import { makeList, makePage } from './statement-page.js';

const page = makePage<ReturnType<typeof describeIndex>>(indexTemplate, {
  script: { text: indexScript, source: INDEX_SCRIPT_SOURCE },
});
const totalList = makeList<keyof ReturnType<typeof describeTotal>>(totalTemplate);
const accountList = makeList<keyof ReturnType<typeof describeAccount>>(accountTemplate);

/** The page of an import that leads to its statements. @throws RangeError for a locale or currency that is not known */
export function renderIndexHtml(index: ImportIndexFigures): string {
  return page(describeIndex(index));
}

function describeIndex(index: ImportIndexFigures) {
  const { locale, accounts, totals } = index;
  const { count, counted } = countFormats(locale);
  return {
    title: `Import of ${index.file}`,
    file: index.file,
    feed: index.feed,
    ...describeImportRows(index, locale, {
      posted: `to ${counted(index.accountCount, 'account')}`,
      mend: 'Mend them there and drop that file.',
    }),
    contradictions:
      Number(index.contradictions) === 0 ? null : `${counted(index.contradictions, 'posted row')} told`,
    totals: totals.length === 0 ? null : totalList(totals.map((total) => describeTotal(total, locale))),
    accountCount: counted(index.accountCount, 'account'),
    listed: accounts.length < index.accountCount ? `the first ${count(accounts.length)}` : null,
    accounts:
      accounts.length === 0
        ? null
        : accountList(accounts.map((account) => describeAccount(account, locale, count))),
  };
}

function describeTotal(
  { currency, transactionCount, creditsMinor, debitsMinor }: ImportIndexTotal,
  locale: string,
) {
  const { count, money, change } = statementFormats(locale, currency);
  return {
    currency,
    count: count(transactionCount),
    credits: money(creditsMinor),
    debits: money(debitsMinor),
    net: change(creditsMinor + debitsMinor),
  };
}

function describeAccount(account: ImportIndexAccount, locale: string, count: (count: number) => string) {
  return {
    clientName: account.clientName,
    last4: account.last4,
    type: account.type ?? '',
    count: count(account.transactionCount),
    closing: statementFormats(locale, account.currency).money(account.closingMinor),
    htmlFile: account.htmlFile,
    jsonFile: account.jsonFile,
  };
}
