import { countFormats } from './statement-formats.js';

/* What the page of every import tells of the rows of its file: how they add up, and where those are that were not posted. */

/** How the rows of a file add up. Goes below the heading of a section. */
export const rowsTemplate = `<dl class="sum plus">
{{#each rows}}<div><dt>{{name}}</dt><dd class="amount">{{count}}</dd><dd class="note">{{note}}</dd></div>
{{/each}}</dl>`;

/** Where quarantined rows are: a section, if there are any. */
export const quarantinedTemplate = `{{#if quarantined}}
<section aria-labelledby="quarantined">
<h2 id="quarantined">Quarantined</h2>
<p>{{quarantined}} not posted. They are handed back in the folder for quarantine, in a file that is named after this one, <code><bdi>{{file}}</bdi>.rows.csv</code> unless that name was taken: each row with the column and what is wrong with it. {{mend}}</p>
<p>What became of each row: <code>npm run passbook -- outcome {{shortId}}</code><span data-served hidden>, or <a data-leads-to="/v1/imports/{{importId}}/rows?outcome=quarantined">the quarantined rows as JSON</a></span>.</p>
</section>
{{/if}}`;

/** So many characters of an import's id are enough to name it to `passbook outcome`. */
const SHORT_ID_CHARS = 8;

interface RowCounts {
  importId: string;
  rowsRead: number | bigint;
  rowsPosted: number | bigint;
  rowsDuplicate: number | bigint;
  rowsQuarantined: number | bigint;
}

/**
 * What both templates need, but for `file`.
 * @param words.posted what became of the posted rows @param words.mend what is to be done with those of quarantine
 * @throws RangeError for a locale that is not known
 */
export function describeImportRows(
  { importId, rowsRead, rowsPosted, rowsDuplicate, rowsQuarantined }: RowCounts,
  locale: string,
  words: { posted: string; mend: string },
) {
  const { count, counted } = countFormats(locale);
  return {
    importId,
    shortId: importId.slice(0, SHORT_ID_CHARS),
    rows: [
      { name: 'Posted', count: count(rowsPosted), note: words.posted },
      { name: 'Duplicate', count: count(rowsDuplicate), note: 'posted before' },
      { name: 'Quarantined', count: count(rowsQuarantined), note: 'handed back' },
      { name: 'Read', count: count(rowsRead), note: 'all rows of the file' },
    ],
    quarantined:
      Number(rowsQuarantined) === 0
        ? null
        : `${counted(rowsQuarantined, 'row')} ${Number(rowsQuarantined) === 1 ? 'was' : 'were'}`,
    mend: words.mend,
  };
}
