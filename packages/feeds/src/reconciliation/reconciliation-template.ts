/** The body of the page of a reconciliation. No table needs more room than a phone has. */
export const reconciliationTemplate = `<header>
<p class="kind">Trade reconciliation</p>
<h1><bdi>{{day}}</bdi></h1>
<dl class="facts">
<div><dt>All that was loaded until</dt><dd>{{asOf}}</dd></div>
<div><dt>Figures</dt><dd><a href="{{jsonFile}}">JSON</a></dd></div>
<div><dt>All discrepancies</dt><dd><a href="{{csvFile}}">CSV</a>, {{found}}</dd></div>
</dl>
</header>

<section aria-labelledby="found">
<h2 id="found">What was found</h2>
<dl class="facts">
{{#each sums}}<div><dt>{{name}}</dt><dd><strong>{{count}}</strong></dd><dd class="note">{{note}}</dd></div>
{{/each}}</dl>
</section>

<section aria-labelledby="rows">
<h2 id="rows">All rows</h2>
<table>
<caption>Each row of both sides is in one class: they add up to the rows that were read</caption>
<thead><tr><th scope="col">Class</th><th scope="col" class="number">Customers</th><th scope="col" class="number">Repository</th></tr></thead>
<tbody>
{{#each classes.rows}}<tr><th scope="row">{{name}}</th><td class="number" style="white-space:nowrap">{{customer}}</td><td class="number" style="white-space:nowrap">{{repository}}</td></tr>
{{/each}}</tbody>
<tfoot><tr><th scope="row">Read</th><td class="number" style="white-space:nowrap">{{classes.customer}}</td><td class="number" style="white-space:nowrap">{{classes.repository}}</td></tr></tfoot>
</table>
</section>

<section aria-labelledby="differing">
<h2 id="differing">What differs</h2>
<table>
<caption>In {{mismatched}}; one may differ in more than one column</caption>
<tbody>
{{#each differing}}<tr><th scope="row">{{name}}</th><td class="number" style="white-space:nowrap">{{count}}</td></tr>
{{/each}}</tbody>
</table>
</section>

<section aria-labelledby="rules">
<h2 id="rules">Who has to be reported</h2>
{{#if rules}}<table>
<caption>All of these must hold. How many transactions each rule excludes, and how many it alone</caption>
<thead><tr><th scope="col">Rule</th><th scope="col" class="number">Excludes</th><th scope="col" class="number">Alone</th></tr></thead>
<tbody>
{{#each rules}}<tr><th scope="row"><bdi>{{name}}</bdi></th><td class="number" style="white-space:nowrap">{{excluded}}</td><td class="number" style="white-space:nowrap">{{alone}}</td></tr>
{{/each}}</tbody>
</table>
{{else}}<p>There is no rule: every transaction.</p>
{{/if}}</section>

<section aria-labelledby="discrepancies">
<h2 id="discrepancies">The first discrepancies</h2>
{{#if isClean}}<p>There is none: both sides agree.</p>
{{else}}<table>
<caption>All {{found}} are in <a href="{{csvFile}}">the CSV</a>, with both values and where they stand</caption>
<thead><tr><th scope="col">Trade</th><th scope="col">What is amiss</th></tr></thead>
<tbody>
{{#each sample}}<tr><th scope="row"><bdi>{{id}}</bdi><br><span class="note"><bdi>{{place}}</bdi></span></th><td>{{name}}<br><span class="note"><bdi>{{details}}</bdi></span></td></tr>
{{/each}}</tbody>
</table>
{{/if}}</section>

<section aria-labelledby="files">
<h2 id="files">Files</h2>
<table>
<caption>In the order in which they came to count{{#if filesHidden}}; {{filesHidden}} are in the JSON{{/if}}</caption>
<thead><tr><th scope="col">File</th><th scope="col" class="number">Read</th></tr></thead>
<tbody>
{{#each files}}<tr><th scope="row"><bdi>{{file}}</bdi><br><span class="note">{{side}}: {{note}}</span></th><td class="number" style="white-space:nowrap">{{read}}</td></tr>
{{/each}}</tbody>
</table>
</section>`;

/** The body of the page of a report that was overtaken. */
export const overtakenTemplate = `<header>
<p class="kind">Trade reconciliation</p>
<h1>Together with <bdi>{{file}}</bdi></h1>
<p>More was loaded before this report was begun. The rows of this file are in <a href="{{href}}">the reconciliation of <bdi>{{file}}</bdi></a>.</p>
</header>`;
