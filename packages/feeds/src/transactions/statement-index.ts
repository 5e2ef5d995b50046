import type { ImportIndexFigures } from './statement-figures.js';
import { statementFormats } from './statement-formats.js';
import { makePage } from './statement-page.js';

const page = makePage<ReturnType<typeof describeIndex>>(`<p class="kind">Import</p>
<h1><bdi>{{file}}</bdi></h1>
<dl>
<dt>Import</dt><dd class="id">{{importId}}</dd>
<dt>Kind of file</dt><dd>{{feed}}</dd>
</dl>

<h2>Rows</h2>
<table class="sum">
<caption>Posted, duplicate and quarantined rows are all rows of the file.</caption>
<tbody>
{{#each rows}}<tr><th scope="row">{{name}}</th><td class="number">{{count}}</td></tr>
{{/each}}</tbody>
</table>
{{#if contradictions}}<p class="soft">{{contradictions}} posted rows say something else of the holder of their account than what was known; nothing was overwritten.</p>
{{/if}}
<h2>Statements</h2>
{{#if accounts}}<div class="scroll" tabindex="0" role="region" aria-label="Statements">
<table>
<caption>{{accountCount}}</caption>
<thead><tr><th scope="col">Client</th><th scope="col">Account</th><th scope="col">Type</th><th scope="col" class="number">Transactions</th><th scope="col" class="number">Closing balance</th><th scope="col">Data</th></tr></thead>
<tbody>
{{#each accounts}}<tr><th scope="row" class="wide"><a href="{{htmlFile}}"><bdi>{{clientName}}</bdi></a></th><td>•••• {{last4}}</td><td>{{type}}</td><td class="number">{{count}}</td><td class="number">{{closing}}</td><td><a href="{{jsonFile}}" aria-label="JSON of account •••• {{last4}}">JSON</a></td></tr>
{{/each}}</tbody>
</table>
</div>
{{else}}<p class="soft">No row was posted, so there is no statement.</p>
{{/if}}`);

/** The page of an import that leads to its statements. @throws RangeError for a locale or currency that is not known */
export function renderIndexHtml(index: ImportIndexFigures): string {
  return page(describeIndex(index));
}

function describeIndex(index: ImportIndexFigures) {
  const counts = new Intl.NumberFormat(index.locale);
  const count = (number: number | bigint): string => counts.format(number);
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
    contradictions: Number(index.contradictions) === 0 ? null : count(index.contradictions),
    accountCount: `${count(index.accounts.length)} accounts with at least one posted row`,
    accounts: index.accounts.map((account) => ({
      clientName: account.clientName,
      last4: account.last4,
      type: account.type ?? '',
      count: count(account.transactionCount),
      closing: statementFormats(index.locale, account.currency, 'UTC').money(account.closingMinor),
      htmlFile: account.htmlFile,
      jsonFile: account.jsonFile,
    })),
  };
}
