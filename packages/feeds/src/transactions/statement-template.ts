/** Whose statement a page is: `passbook verify` looks for it. */
export const statementMeta = `<meta name="passbook:import" content="{{importId}}">
<meta name="passbook:account" content="{{account.id}}">
`;

/**
 * The body of a statement. Text of a file stands in `bdi` elements: a name that is written from right to left, or that
 * holds characters which turn the direction round, cannot reorder what stands beside it. So do the figures, which
 * bring such characters with them in some locales.
 * No table is wider than the page: on a phone, the style lays each row out as two lines.
 */
export const statementTemplate = `<header>
<p class="kind">Account statement</p>
<h1><bdi>{{client.name}}</bdi></h1>
<dl class="facts">
<div><dt>Account</dt><dd>{{#if account.type}}<span class="type"><bdi>{{account.type}}</bdi></span> {{/if}}•••• <bdi>{{account.last4}}</bdi></dd></div>
{{#if period}}<div><dt>Period</dt><dd><bdi>{{period}}</bdi></dd></div>
{{/if}}<div><dt>Currency</dt><dd>{{account.currency}}</dd></div>
{{#if client.email}}<div><dt>E-mail</dt><dd><bdi>{{client.email}}</bdi></dd></div>
{{/if}}</dl>
</header>

<section aria-labelledby="summary">
<h2 id="summary">Summary</h2>
<dl class="sum{{#if isLong}} long{{/if}}">
{{#each sum}}<div><dt>{{name}}</dt><dd class="amount {{tone}}"><bdi>{{amount}}</bdi></dd><dd class="note">{{note}}</dd>{{#if average}}<dd class="note">average <bdi>{{average}}</bdi></dd>{{/if}}</div>
{{/each}}</dl>
</section>
{{#if months}}
<section aria-labelledby="months">
<h2 id="months">Month by month</h2>
{{#if chart}}<figure>
<div class="plot" style="max-width: {{chart.widthRem}}rem">
<svg viewBox="0 {{chart.top}} {{chart.width}} {{chart.height}}" preserveAspectRatio="none" role="img" aria-labelledby="chart-title chart-text">
<title id="chart-title">Credits and debits of each month</title>
<desc id="chart-text">Bars above the line are credits, bars below it are debits. {{#each chart.legend}}{{name}}: most in {{month}}, {{most}}. {{/each}}The table below has the figures.</desc>
{{chart.columns}}<line x1="0" x2="{{chart.width}}" y1="{{chart.axisY}}" y2="{{chart.axisY}}"/>
</svg>
<div class="axis{{#if chart.isDense}} dense{{/if}}" aria-hidden="true">{{chart.labels}}</div>
</div>
<figcaption>{{#each chart.legend}}<span><span class="{{tone}}" aria-hidden="true">■</span> {{name}}: most in <bdi>{{month}}</bdi>, <bdi>{{most}}</bdi></span>
{{/each}}{{#if chart.note}}<span>{{chart.note}}</span>{{/if}}</figcaption>
</figure>
{{/if}}<table class="months{{#if isLong}} long{{/if}}">
<caption>Credits and debits by month</caption>
<thead><tr><th scope="col">Month</th><th scope="col" class="number">Number</th><th scope="col" class="number">Credits</th><th scope="col" class="number">Debits</th><th scope="col" class="number">Average credit</th><th scope="col" class="number">Average debit</th></tr></thead>
<tbody>
{{months}}</tbody>
{{#if total}}<tfoot>
{{total}}</tfoot>
{{/if}}</table>
</section>
{{/if}}
<section aria-labelledby="transactions">
<h2 id="transactions">Transactions</h2>
<table class="list">
<caption>{{counts}} {{listed}}</caption>
<thead><tr><th scope="col">Date</th>{{#if isTimed}}<th scope="col">Time</th>{{/if}}<th scope="col">Reference</th><th scope="col" class="number">Amount</th></tr></thead>
{{transactions}}</table>
</section>

<footer>
<p>From the file <bdi>{{file}}</bdi>. Days and months are those of the time zone {{timeZone}}. The opening balance is what the account held before these transactions were posted, the closing balance what it held when all of them were.</p>
</footer>`;

/** The items of the lists above, each for `makeList`. */
export const columnTemplate = `<g><title>{{name}}: {{credits}}, {{debits}}</title><rect class="credit" x="{{left}}" y="{{creditY}}" width="{{width}}" height="{{creditHeight}}"/><rect class="debit" x="{{left}}" y="{{debitY}}" width="{{width}}" height="{{debitHeight}}"/></g>
`;

export const labelTemplate = `<span><bdi>{{month}}</bdi> <bdi>{{year}}</bdi></span>`;

export const monthTemplate = `<tr><th scope="row"><bdi>{{name}}</bdi></th><td class="number">{{count}}</td><td class="number"><bdi>{{credits}}</bdi></td><td class="number"><bdi>{{debits}}</bdi></td><td class="number"><bdi>{{averageCredit}}</bdi></td><td class="number"><bdi>{{averageDebit}}</bdi></td></tr>
`;

/** The transactions of a month, below its name and its sum. */
export const groupTemplate = `<tbody>
<tr class="month"><th scope="rowgroup" colspan="{{columns}}"><bdi>{{name}}</bdi> <span>{{count}}</span></th><td class="number"><bdi>{{sum}}</bdi></td></tr>
{{transactions}}</tbody>
`;

export const transactionTemplate = `<tr><td>{{day}}</td><td>{{time}}</td><td class="id"><bdi>{{id}}</bdi></td><td class="number {{tone}}"><bdi>{{amount}}</bdi></td></tr>
`;

/** Where no transaction has a time of day. */
export const dayTransactionTemplate = transactionTemplate.replace('<td>{{time}}</td>', '');
