import type { DueReport } from '@passbook/imports';
import { describeImportRows, quarantinedTemplate, rowsTemplate } from '../transactions/import-rows.js';
import { INDEX_SCRIPT_SOURCE, indexScript } from '../transactions/statement-index-script.js';
import { makePage } from '../transactions/statement-page.js';
import type { ReportSnapshot } from './complete-load.js';

/** On a phone, the style lays each scope out as a list of its figures. */
const page = makePage<ReturnType<typeof describeReport>>(
  `<header>
<p class="kind">Report</p>
<h1><bdi>{{heading}}</bdi></h1>
<dl class="facts">
<div><dt>Day</dt><dd>{{day}}</dd></div>
<div><dt>Data</dt><dd><a href="{{csvHref}}" aria-label="CSV of the report">CSV</a></dd></div>
<div><dt>File</dt><dd><bdi>{{file}}</bdi></dd></div>
<div><dt>Import</dt><dd class="id"><bdi>{{importId}}</bdi></dd></div>
<div data-served hidden><dt>Receipt</dt><dd><a data-leads-to="/v1/imports/{{importId}}/receipt">JSON</a></dd></div>
</dl>
{{#if isSuperseded}}<p class="notice">A file that was dropped later was loaded before this one: its rows are those that count, and those of this file are not.</p>
{{/if}}</header>

<section aria-labelledby="figures">
<h2 id="figures">All loads that count</h2>
{{#if lines}}<div class="wide" tabindex="0" role="region" aria-label="Table of all loads that count">
<table class="figures">
<thead><tr>{{#each columns}}<th scope="col"{{#if isNumber}} class="number"{{/if}}><bdi>{{name}}</bdi></th>{{/each}}</tr></thead>
<tbody>
{{#each lines}}<tr>{{#each cells}}{{#if isFirst}}<th scope="row"><bdi>{{text}}</bdi></th>{{else}}<td data-name="{{name}}"{{#if isNumber}} class="number"{{/if}}><bdi>{{text}}</bdi></td>{{/if}}{{/each}}</tr>
{{/each}}</tbody>
</table>
</div>
{{else}}<p>No row counts yet.</p>
{{/if}}</section>

<section aria-labelledby="rows">
<h2 id="rows">Rows of this file</h2>
${rowsTemplate}
</section>
${quarantinedTemplate}`,
  { script: { text: indexScript, source: INDEX_SCRIPT_SOURCE } },
);

/** The page of a report. @throws RangeError for a locale that is not known */
export function renderReportHtml(report: DueReport, snapshot: ReportSnapshot): string {
  return page(describeReport(report, snapshot));
}

const decimal = /^-?\d+(\.\d+)?$/;

function describeReport({ importId, fileName, locale }: DueReport, snapshot: ReportSnapshot) {
  const { title, day, rows, counts, isSuperseded, mode } = snapshot;
  const columns = snapshot.columns.map((column, at) => ({
    name: readName(column),
    isNumber: at > 0 && rows.length > 0 && rows.every((row) => decimal.test(row[at]!)),
  }));
  return {
    lang: locale,
    title: `${title}, ${day}`,
    heading: title,
    day,
    file: fileName,
    csvHref: encodeURIComponent(snapshot.fileName),
    isSuperseded,
    columns,
    lines: rows.map((row) => ({
      cells: row.map((cell, at) => ({
        ...columns[at]!,
        isFirst: at === 0,
        text: columns[at]!.isNumber ? writeNumber(cell, locale) : cell,
      })),
    })),
    ...describeImportRows({ importId, ...counts }, locale, {
      posted: isSuperseded ? 'a later file counts' : 'the good ones',
      mend:
        mode === 'replace'
          ? 'Mend them in the whole file, and drop that: a file is all rows there are.'
          : 'Mend them there and drop that file.',
    }),
  };
}

/** A column of the CSV as people write it: `high_value_count` is `High value count`. */
function readName(column: string): string {
  const words = column.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A decimal text: Intl takes it as it is, and no digit is lost. */
function writeNumber(cell: string, locale: string): string {
  const decimals = /\.(\d+)$/.exec(cell)?.[1]?.length ?? 0;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(locale, digits).format(cell as unknown as number);
}
