import { quarantinedTemplate, rowsTemplate } from './import-rows.js';

/** The body of the index of an import. On a phone, the style lays each account out as two lines. */
export const indexTemplate = `<header>
<p class="kind">Import</p>
<h1><bdi>{{file}}</bdi></h1>
<dl class="facts">
<div><dt>Kind of file</dt><dd><bdi>{{feed}}</bdi></dd></div>
<div><dt>Import</dt><dd class="id"><bdi>{{importId}}</bdi></dd></div>
<div data-served hidden><dt>Receipt</dt><dd><a data-leads-to="/v1/imports/{{importId}}/receipt">JSON</a></dd></div>
</dl>
</header>

<section aria-labelledby="rows">
<h2 id="rows">Rows of the file</h2>
${rowsTemplate}
{{#if contradictions}}<p class="soft">{{contradictions}} of another holder or kind of account than was known before. What was known stays.</p>
{{/if}}</section>
{{#if totals}}
<section aria-labelledby="posted">
<h2 id="posted">Posted</h2>
<table class="months">
<caption>What the import added to all accounts of a currency</caption>
<thead><tr><th scope="col">Currency</th><th scope="col" class="number">Transactions</th><th scope="col" class="number">Credits</th><th scope="col" class="number">Debits</th><th scope="col" class="number">Net</th></tr></thead>
<tbody>
{{totals}}</tbody>
</table>
</section>
{{/if}}${quarantinedTemplate}
<section aria-labelledby="statements">
<h2 id="statements">Statements</h2>
{{#if accounts}}<div role="search" hidden><label for="search">Find a name, digits of an account, or a kind</label> <input id="search" type="search" autocomplete="off"> <output for="search"></output></div>
<table class="accounts">
<caption>{{accountCount}} with at least one posted row{{#if listed}}; {{listed}} are listed here, all have their files in this folder{{/if}}.</caption>
<thead><tr><th scope="col">Client</th><th scope="col">Account</th><th scope="col">Type</th><th scope="col" class="number">Transactions</th><th scope="col" class="number">Closing balance</th><th scope="col">Data</th></tr></thead>
<tbody>
{{accounts}}</tbody>
</table>
{{else}}<p>No row was posted, so there is no statement.</p>
{{/if}}</section>`;

/** The items of the lists above, each for `makeList`. */
export const totalTemplate = `<tr><th scope="row">{{currency}}</th><td class="number">{{count}}</td><td class="number"><bdi>{{credits}}</bdi></td><td class="number"><bdi>{{debits}}</bdi></td><td class="number"><bdi>{{net}}</bdi></td></tr>
`;

export const accountTemplate = `<tr><th scope="row"><a href="{{htmlFile}}"><bdi>{{clientName}}</bdi></a></th><td>•••• <bdi>{{last4}}</bdi></td><td><bdi>{{type}}</bdi></td><td class="number">{{count}}</td><td class="number"><bdi>{{closing}}</bdi></td><td><a href="{{jsonFile}}" aria-label="JSON of account •••• {{last4}}">JSON</a></td></tr>
`;
