import Handlebars from 'handlebars';

/** Letters and lines for screen (light, dark, narrow) and paper. No font, image or script is loaded from anywhere. */
const style = `
  :root { color-scheme: light dark; --ink: #1b2430; --soft: #566273; --line: #d9dfe7; --paper: #fff; --band: #f4f6f9; --link: #0b57a4; --credit: #1f7a4d; --debit: #b4552d; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e9edf2; --soft: #a7b2bf; --line: #39434f; --paper: #14181d; --band: #1c2229; --link: #8fc1f6; --credit: #6fcf9b; --debit: #f0a27f; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word; }
  main { max-width: 56rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
  h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
  h2 { font-size: 1.125rem; margin: 2.5rem 0 .75rem; }
  p { margin: 0 0 .75rem; }
  .soft { color: var(--soft); }
  .kind { color: var(--soft); font-size: .875rem; letter-spacing: .06em; text-transform: uppercase; margin: 0 0 .5rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 1.25rem 0 0; }
  dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
  th, td { padding: .4rem .75rem; border-bottom: 1px solid var(--line); text-align: start; white-space: nowrap; }
  th:first-child, td:first-child { padding-inline-start: 0; } th:last-child, td:last-child { padding-inline-end: 0; }
  thead th { color: var(--soft); font-weight: 600; font-size: .875rem; } tbody th { font-weight: 400; }
  .number { text-align: end; }
  .wide { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
  .id { color: var(--soft); font: .8125rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
  .sum { max-width: 32rem; } .sum tr:last-child > * { font-weight: 700; border-bottom: 3px double var(--ink); }
  .credit { color: var(--credit); } .debit { color: var(--debit); }
  figure { margin: 0; } svg { display: block; width: 100%; height: 11rem; background: var(--band); border-radius: .375rem; }
  svg .credit { fill: var(--credit); } svg .debit { fill: var(--debit); } svg line { stroke: var(--soft); stroke-width: 1; vector-effect: non-scaling-stroke; }
  figcaption { display: flex; justify-content: space-between; color: var(--soft); font-size: .875rem; padding: .375rem 0 1rem; }
  a { color: var(--link); }
  @media print {
    :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --band: #fff; --link: #000; }
    body { font-size: 10pt; } main { max-width: none; padding: 0; } .scroll { overflow: visible; }
    thead { display: table-header-group; } tr, figure { break-inside: avoid; } h2 { break-after: avoid; }
    @page { size: A4; margin: 18mm; }
  }
`;

/**
 * Makes a page of a body. Text of a file goes through double braces alone, which escape it; the language and the title do, too.
 * The page may load nothing and run nothing, whatever a file has put into it.
 */
export function makePage<Content extends { lang: string; title: string }>(
  body: string,
): (content: Content) => string {
  return Handlebars.create().compile<Content>(
    `<!doctype html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{{title}}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`,
    { strict: true },
  );
}
