import Handlebars from 'handlebars';
import { nameReportFolder, type ImportSummary, type StaleImport } from '@passbook/imports';

const template = Handlebars.create().compile<{ imports: object[]; waiting: string[] }>(
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Passbook</title>
<style>
  :root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6675; --line: #d8dee6; --paper: #fff; --link: #0b57a4; --bad: #a3271a; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8ecf1; --soft: #a5b0bd; --line: #3a4450; --paper: #14181d; --link: #8ec0f5; --bad: #ff9d90; } }
  body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
  th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
  th { font-weight: 600; color: var(--soft); } .number { text-align: right; }
  td.file { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
  a { color: var(--link); } .soft { color: var(--soft); } .bad { color: var(--bad); white-space: normal; } .wide { white-space: normal; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>Passbook</h1>
<h2>In imports/</h2>
{{#if waiting.length}}<ul>{{#each waiting}}<li><bdi>{{this}}</bdi></li>{{/each}}</ul>{{else}}<p class="soft">Nothing waits. Drop a file into the folder.</p>{{/if}}
<h2>Imports</h2>
{{#if imports.length}}
<div class="scroll" tabindex="0" role="region" aria-label="Imports">
<table>
<caption>The newest first. Read = posted + duplicates + quarantined.</caption>
<thead><tr>
<th scope="col">File</th><th scope="col">State</th><th scope="col" class="number">Read</th><th scope="col" class="number">Posted</th>
<th scope="col" class="number">Duplicates</th><th scope="col" class="number">Quarantined</th><th scope="col" class="number">Reports</th><th scope="col">More</th>
</tr></thead>
<tbody>
{{#each imports}}<tr>
<td class="file"><bdi>{{file}}</bdi></td>
<td>{{state}}{{#if reason}}<br><span class="bad">{{reason}}</span>{{/if}}{{#if rowsName}}<br><span class="soft wide">The bad rows, each with its reason: quarantine/<bdi>{{rowsName}}</bdi></span>{{/if}}</td>
<td class="number">{{rowsRead}}</td><td class="number">{{rowsPosted}}</td><td class="number">{{rowsDuplicate}}</td><td class="number">{{rowsQuarantined}}</td>
<td class="number">{{reportsDone}} of {{reports}}</td>
<td>{{#if reportsLink}}<a href="{{reportsLink}}">Reports</a> {{/if}}{{#if receiptLink}}<a href="{{receiptLink}}">{{receiptName}}</a>{{/if}}</td>
</tr>{{/each}}
</tbody>
</table>
</div>
{{else}}<p class="soft">No file was imported yet.</p>{{/if}}
</body>
</html>
`,
);

/** The one page: what waits in imports/, and what became of each import. */
export function renderPage({
  imports,
  stale,
  waiting,
}: {
  imports: readonly ImportSummary[];
  /** Those of them that wait for something. */
  stale: readonly StaleImport[];
  waiting: readonly string[];
}): string {
  const waits = new Map(stale.map((one) => [one.no, one.reason]));
  return template({
    waiting: [...waiting].sort(),
    imports: imports.map((one) => describe({ ...one, reason: waits.get(one.no) ?? one.reason })),
  });
}

function describe(one: ImportSummary): object {
  const reportsDone = one.reports - one.reportsDue;
  const folder = encodeURIComponent(nameReportFolder(one.file, one.importId));
  const isRefused = one.state === 'refused';
  const receipt = isRefused ? 'quarantine' : 'processed';
  const ending = isRefused ? '.error.json' : '.receipt.json';
  return {
    ...one,
    reportsDone,
    reportsLink: one.reports > 0 && one.reportsDue === 0 ? `/reports/${folder}/index.html` : null,
    receiptLink: one.finalName === null ? null : `/${receipt}/${encodeURIComponent(one.finalName + ending)}`,
    receiptName: isRefused ? 'Error' : 'Receipt',
  };
}
