import Handlebars from 'handlebars';
import { nameReportFolder, type ImportSummary, type StaleImport } from '@passbook/imports';
import { describeMails, type Mails } from './page-mails.js';
import { pageStyle } from './page-style.js';

const template = Handlebars.create().compile<{
  style: string;
  imports: object[];
  waiting: string[];
  mailsWaitFor: string | null;
}>(
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Passbook</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<h1>Passbook</h1>
<h2>In imports/</h2>
{{#if waiting.length}}<ul>{{#each waiting}}<li><bdi>{{this}}</bdi></li>{{/each}}</ul>{{else}}<p class="soft">Nothing waits. Drop a file into the folder.</p>{{/if}}
{{#if mailsWaitFor}}<p class="bad">{{mailsWaitFor}}</p>{{/if}}
<h2>Imports</h2>
{{#if imports.length}}
<table class="imports">
<caption>The newest first. Read = posted + duplicates + quarantined.</caption>
<thead><tr>
<th scope="col">File</th><th scope="col">State</th><th scope="col" class="number">Read</th><th scope="col" class="number">Posted</th>
<th scope="col" class="number">Duplicates</th><th scope="col" class="number">Quarantined</th><th scope="col" class="number">Reports</th><th scope="col">Mails</th><th scope="col">Receipt</th>
</tr></thead>
<tbody>
{{#each imports}}<tr>
<td class="file"><bdi>{{file}}</bdi></td>
<td{{#if isLong}} class="wide"{{/if}}>{{state}}{{#if reason}}<br><span class="bad">{{reason}}</span>{{/if}}{{#if note}}<br>{{note}}{{/if}}{{#if rowsName}}<br><span class="soft">The bad rows, each with its reason: quarantine/<bdi>{{rowsName}}</bdi></span>{{/if}}</td>
<td class="number" data-name="Read">{{rowsRead}}</td><td class="number" data-name="Posted">{{rowsPosted}}</td><td class="number" data-name="Duplicates">{{rowsDuplicate}}</td><td class="number" data-name="Quarantined">{{#if rowsQuarantined}}<a href="/v1/imports/{{importId}}/rows?outcome=quarantined">{{rowsQuarantined}}</a>{{else}}0{{/if}}</td>
<td class="number" data-name="Reports">{{#if reportsLink}}<a href="{{reportsLink}}">{{reports}}</a>{{else}}{{reportsDone}} of {{reports}}{{/if}}</td>
<td data-name="Mails"{{#if mails.troubled.length}} class="wide"{{/if}}>{{#if mails.counts}}<a href="/v1/imports/{{importId}}/deliveries">{{mails.counts}}</a>{{else}}<span class="soft">none</span>{{/if}}{{#if mails.troubled.length}}<ul class="plain">{{#each mails.troubled}}<li class="bad"><bdi>{{this}}</bdi></li>{{/each}}</ul>{{/if}}{{#if mails.more}}<span class="soft">and {{mails.more}} more</span>{{/if}}</td>
<td data-name="Receipt">{{#if receiptLink}}<a href="{{receiptLink}}">{{receiptName}}</a>{{/if}}</td>
</tr>{{/each}}
</tbody>
</table>
{{else}}<p class="soft">No file was imported yet.</p>{{/if}}
<p class="soft">For programs: <a href="/reference">the API</a>.</p>
</main>
</body>
</html>
`,
);

/** The one page: what waits in imports/, and what became of each import. */
export function renderPage({
  imports,
  stale,
  waiting,
  mails,
}: {
  imports: readonly ImportSummary[];
  /** Those of them that wait for something. */
  stale: readonly StaleImport[];
  waiting: readonly string[];
  mails: Mails;
}): string {
  const waits = new Map(stale.map((one) => [one.no, one.reason]));
  return template({
    style: pageStyle,
    waiting: [...waiting].sort(),
    mailsWaitFor: mails.waitFor,
    imports: imports.map((one) => ({
      ...describe({ ...one, reason: waits.get(one.no) ?? one.reason }),
      mails: describeMails(mails, one),
    })),
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
    isLong: one.reason !== null || one.note !== null || one.rowsName !== null,
    reportsLink: one.reports > 0 && one.reportsDue === 0 ? `/reports/${folder}/index.html` : null,
    receiptLink: one.finalName === null ? null : `/${receipt}/${encodeURIComponent(one.finalName + ending)}`,
    receiptName: isRefused ? 'Error' : 'Receipt',
  };
}
