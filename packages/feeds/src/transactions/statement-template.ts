/** Whose statement a page is: `passbook verify` looks for it. */
export const statementMeta = `<meta name="passbook:import" content="{{importId}}">
<meta name="passbook:account" content="{{account.id}}">
`;

/**
 * The body of a statement. Text of a file stands in `bdi` elements: a name that is written from right to left, or that
 * holds characters which turn the direction round, cannot reorder what stands beside it. So do the figures, which
 * bring such characters with them in some locales.
 * A table stands in a box of its own, which scrolls where the table is wider than a phone; the page never does.
 */
export const statementTemplate = `<p class="kind">Account statement</p>
<h1><bdi>{{client.name}}</bdi></h1>
<dl>
<dt>Account</dt><dd>•••• <bdi>{{account.last4}}</bdi></dd>
{{#if account.type}}<dt>Type</dt><dd><bdi>{{account.type}}</bdi></dd>
{{/if}}<dt>Currency</dt><dd>{{account.currency}}</dd>
{{#if client.email}}<dt>E-mail</dt><dd><bdi>{{client.email}}</bdi></dd>
{{/if}}{{#if period}}<dt>Period</dt><dd><bdi>{{period}}</bdi></dd>
{{/if}}<dt>File</dt><dd><bdi>{{file}}</bdi></dd>
</dl>

<h2>Balance</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Balance">
<table class="sum">
<caption><span>Opening balance + credits + debits = closing balance</span></caption>
<tbody>
{{#each balance}}<tr><th scope="row">{{name}}</th><td class="number {{tone}}"><bdi>{{amount}}</bdi></td></tr>
{{/each}}</tbody>
</table>
</div>

<h2>Credits and debits</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Credits and debits">
<table>
<caption><span>{{transactionCount}}</span></caption>
<thead><tr><td></td><th scope="col" class="number">Number</th><th scope="col" class="number">Total</th><th scope="col" class="number">Average</th></tr></thead>
<tbody>
{{#each kinds}}<tr><th scope="row">{{name}}</th><td class="number">{{count}}</td><td class="number {{tone}}"><bdi>{{total}}</bdi></td><td class="number"><bdi>{{average}}</bdi></td></tr>
{{/each}}</tbody>
</table>
</div>
{{#if months}}
<h2>Months</h2>
<figure>
<div class="plot" style="max-width: {{chart.widthRem}}rem">
<svg viewBox="0 {{chart.top}} {{chart.width}} {{chart.height}}" preserveAspectRatio="none" role="img" aria-labelledby="chart-title chart-text">
<title id="chart-title">Credits and debits of each month</title>
<desc id="chart-text">Bars above the line are credits, bars below it are debits. The table below has the figures.</desc>
{{chart.columns}}<line x1="0" x2="{{chart.width}}" y1="{{chart.axisY}}" y2="{{chart.axisY}}"/>
</svg>
<div class="axis"><bdi>{{chart.first}}</bdi>{{#if chart.last}}<bdi>{{chart.last}}</bdi>{{/if}}</div>
</div>
<figcaption>{{#each chart.legend}}<span><span class="{{tone}}" aria-hidden="true">■</span> {{name}}, up to <bdi>{{most}}</bdi> a month</span>
{{/each}}{{#if chart.note}}<span>{{chart.note}}</span>{{/if}}</figcaption>
</figure>
<div class="scroll" tabindex="0" role="region" aria-label="Months">
<table>
<caption><span>Credits and debits by month (time zone: {{timeZone}})</span></caption>
<thead><tr><th scope="col">Month</th><th scope="col" class="number">Number</th><th scope="col" class="number">Credits</th><th scope="col" class="number">Debits</th><th scope="col" class="number">Average credit</th><th scope="col" class="number">Average debit</th></tr></thead>
<tbody>
{{months}}</tbody>
</table>
</div>
{{/if}}
<h2>Transactions</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Transactions">
<table>
<caption><span>{{listed}} Time zone: {{timeZone}}.</span></caption>
<thead><tr><th scope="col">Date</th><th scope="col">Time</th><th scope="col">Id</th><th scope="col" class="number">Amount</th></tr></thead>
<tbody>
{{transactions}}</tbody>
</table>
</div>`;

/** The items of the lists above, each for `makeList`. */
export const columnTemplate = `<g><title>{{name}}: {{credits}}, {{debits}}</title><rect class="credit" x="{{left}}" y="{{creditY}}" width="{{width}}" height="{{creditHeight}}"/><rect class="debit" x="{{left}}" y="{{debitY}}" width="{{width}}" height="{{debitHeight}}"/></g>
`;

export const monthTemplate = `<tr><th scope="row">{{name}}</th><td class="number">{{count}}</td><td class="number"><bdi>{{credits}}</bdi></td><td class="number"><bdi>{{debits}}</bdi></td><td class="number"><bdi>{{averageCredit}}</bdi></td><td class="number"><bdi>{{averageDebit}}</bdi></td></tr>
`;

export const transactionTemplate = `<tr><td>{{day}}</td><td>{{time}}</td><td class="id"><bdi>{{id}}</bdi></td><td class="number"><bdi>{{amount}}</bdi></td></tr>
`;
