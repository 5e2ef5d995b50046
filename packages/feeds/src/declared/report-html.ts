import type { DueReport } from '@passbook/imports';
import { makePage } from '../transactions/statement-page.js';
import type { ReportSnapshot } from './complete-load.js';

const page = makePage<ReturnType<typeof describeReport>>(`<p class="kind">{{kind}}</p>
<h1><bdi>{{title}}</bdi></h1>
<dl>
<dt>Day</dt><dd>{{day}}</dd>
<dt>File</dt><dd><bdi>{{file}}</bdi></dd>
<dt>Import</dt><dd class="id"><bdi>{{importId}}</bdi></dd>
<dt>Data</dt><dd><a href="{{csvHref}}"><bdi>{{csvFile}}</bdi></a></dd>
</dl>
{{#if isSuperseded}}<p><strong>A file that was dropped later was loaded before this one: its rows are those that count, and those of this file are not.</strong></p>
{{/if}}
<h2>All loads that count</h2>
{{#if rows}}<div style="overflow-x:auto" tabindex="0" role="region" aria-label="Report">
<table>
<thead><tr>{{#each columns}}<th scope="col"{{#if isNumber}} class="number"{{/if}}>{{name}}</th>{{/each}}</tr></thead>
<tbody>
{{#each rows}}<tr>{{#each cells}}<td {{#if isNumber}}class="number"{{else}}style="min-width:12rem"{{/if}}><bdi>{{text}}</bdi></td>{{/each}}</tr>
{{/each}}</tbody>
</table>
</div>
{{else}}<p class="soft">No row counts yet.</p>
{{/if}}
<h2>Rows of this file</h2>
<table>
<caption><span>Posted + duplicate + quarantined = read</span></caption>
<tbody>
{{#each counts}}<tr><th scope="row">{{name}}</th><td class="number">{{count}}</td></tr>
{{/each}}</tbody>
</table>
{{#if hasQuarantined}}<p class="soft">The quarantined rows, each with what is wrong with it, are in the folder for quarantine, in a file whose name ends in .rows.csv.</p>
{{/if}}`);

/** The page of a report. @throws RangeError for a locale that is not known */
export function renderReportHtml(report: DueReport, snapshot: ReportSnapshot): string {
  return page(describeReport(report, snapshot));
}

const decimal = /^-?\d+(\.\d+)?$/;

function describeReport({ importId, fileName, locale }: DueReport, snapshot: ReportSnapshot) {
  const count = new Intl.NumberFormat(locale);
  const { title, day, columns, rows, counts, isSuperseded } = snapshot;
  const isNumber = columns.map((_, at) => rows.length > 0 && rows.every((row) => decimal.test(row[at]!)));
  const write = (cell: string): string => {
    const decimals = /\.(\d+)$/.exec(cell)?.[1]?.length ?? 0;
    // A decimal text: Intl takes it as it is, and no digit is lost.
    return new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }).format(cell as unknown as number);
  };
  return {
    lang: locale,
    title: `${title}, ${day}`,
    kind: 'Report',
    day,
    file: fileName,
    importId,
    csvFile: snapshot.fileName,
    csvHref: encodeURIComponent(snapshot.fileName),
    isSuperseded,
    columns: columns.map((name, at) => ({ name, isNumber: isNumber[at]! })),
    rows: rows.map((row) => ({
      cells: row.map((cell, at) => ({
        text: isNumber[at] ? write(cell) : cell,
        isNumber: isNumber[at]!,
      })),
    })),
    counts: [
      { name: 'Posted', count: count.format(counts.rowsPosted) },
      { name: 'Duplicate', count: count.format(counts.rowsDuplicate) },
      { name: 'Quarantined', count: count.format(counts.rowsQuarantined) },
      { name: 'Read', count: count.format(counts.rowsRead) },
    ],
    hasQuarantined: counts.rowsQuarantined > 0,
  };
}
