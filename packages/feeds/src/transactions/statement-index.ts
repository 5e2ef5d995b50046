import type { ImportIndexAccount, ImportIndexFigures } from './statement-figures.js';
import { countFormats, statementFormats } from './statement-formats.js';
import { makeList, makePage } from './statement-page.js';

const page = makePage<ReturnType<typeof describeIndex>>(`<p class="kind">Import</p>
<h1><bdi>{{file}}</bdi></h1>
<dl>
<dt>Import</dt><dd class="id"><bdi>{{importId}}</bdi></dd>
<dt>Kind of file</dt><dd><bdi>{{feed}}</bdi></dd>
</dl>

<h2>Rows</h2>
<table class="sum">
<caption><span>Posted + duplicate + quarantined = read</span></caption>
<tbody>
{{#each rows}}<tr><th scope="row">{{name}}</th><td class="number">{{count}}</td></tr>
{{/each}}</tbody>
</table>
{{#if hasQuarantined}}<p class="soft">The quarantined rows, each with what is wrong with it, are in the folder for quarantine, in a file whose name ends in .rows.csv.</p>
{{/if}}<p class="soft">{{contradictions}}</p>

<h2>Statements</h2>
{{#if accounts}}<div class="scroll" tabindex="0" role="region" aria-label="Statements">
<table>
<caption><span>{{accountCount}} with at least one posted row{{#if listed}}; {{listed}} are listed here, all have their files in this folder{{/if}}</span></caption>
<thead><tr><th scope="col">Client</th><th scope="col">Account</th><th scope="col">Type</th><th scope="col" class="number">Transactions</th><th scope="col" class="number">Closing balance</th><th scope="col">Data</th></tr></thead>
<tbody>
{{accounts}}</tbody>
</table>
</div>
{{else}}<p class="soft">No row was posted, so there is no statement.</p>
{{/if}}`);

const accountList = makeList<
  keyof ReturnType<typeof describeAccount>
>(`<tr><th scope="row" class="wide"><a href="{{htmlFile}}"><bdi>{{clientName}}</bdi></a></th><td>•••• <bdi>{{last4}}</bdi></td><td><bdi>{{type}}</bdi></td><td class="number">{{count}}</td><td class="number"><bdi>{{closing}}</bdi></td><td><a href="{{jsonFile}}" aria-label="JSON of account •••• {{last4}}">JSON</a></td></tr>
`);

/** The page of an import that leads to its statements. @throws RangeError for a locale or currency that is not known */
export function renderIndexHtml(index: ImportIndexFigures): string {
  return page(describeIndex(index));
}

function describeIndex(index: ImportIndexFigures) {
  const { count, counted } = countFormats(index.locale);
  return {
    lang: index.locale,
    title: `Import of ${index.file}`,
    file: index.file,
    importId: index.importId,
    feed: index.feed,
    rows: [
      { name: 'Posted', count: count(index.rowsPosted) },
      { name: 'Duplicate', count: count(index.rowsDuplicate) },
      { name: 'Quarantined', count: count(index.rowsQuarantined) },
      { name: 'Read', count: count(index.rowsRead) },
    ],
    hasQuarantined: Number(index.rowsQuarantined) > 0,
    contradictions: `Contradictions: ${count(index.contradictions)} (posted rows that say something else of the holder of an account than what was known; nothing was overwritten).`,
    accountCount: counted(index.accountCount, 'account'),
    listed: index.accounts.length < index.accountCount ? `the first ${count(index.accounts.length)}` : null,
    accounts:
      index.accounts.length === 0
        ? null
        : accountList(index.accounts.map((account) => describeAccount(account, index.locale, count))),
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
