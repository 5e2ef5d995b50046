/** Letters and lines for screen (light, dark, narrow) and paper. No font, image or script is loaded from anywhere. */
export const statementStyle = `
  :root { color-scheme: light dark; --ink: #1b2430; --soft: #566273; --line: #d9dfe7; --paper: #fff; --band: #f4f6f9; --shade: #1b243033; --link: #0b57a4; --credit: #1f7a4d; --debit: #b4552d; }
  @media screen and (prefers-color-scheme: dark) {
    :root { --ink: #e9edf2; --soft: #a7b2bf; --line: #39434f; --paper: #14181d; --band: #1c2229; --shade: #000c; --link: #8fc1f6; --credit: #6fcf9b; --debit: #f0a27f; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
  main { max-width: 56rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
  h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; }
  h2 { font-size: 1.125rem; margin: 2.5rem 0 .75rem; }
  p { margin: .75rem 0; }
  .soft { color: var(--soft); }
  .kind { color: var(--soft); font-size: .875rem; letter-spacing: .06em; text-transform: uppercase; margin: 0 0 .5rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 1.25rem 0 0; align-items: baseline; }
  dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
  .scroll { overflow-x: auto; background:
    linear-gradient(to right, var(--paper) 40%, transparent) 0 0 / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--paper) 40%, transparent) 100% 0 / 2.5rem 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) 0 0 / .75rem 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) 100% 0 / .75rem 100% no-repeat scroll; }
  table { border-collapse: collapse; width: 100%; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
  caption { text-align: start; color: var(--soft); padding-bottom: .5rem; }
  caption span { display: inline-block; position: sticky; inset-inline-start: 0; max-width: calc(100vw - 2.5rem); }
  th, td { padding: .4rem .75rem; border-bottom: 1px solid var(--line); text-align: start; white-space: nowrap; }
  th:first-child, td:first-child { padding-inline-start: 0; } th:last-child, td:last-child { padding-inline-end: 0; }
  thead th { color: var(--soft); font-weight: 600; font-size: .875rem; } tbody th { font-weight: 400; }
  .number { text-align: end; }
  .wide { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
  .id { font: .8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
  td.id { color: var(--soft); }
  .sum { max-width: 32rem; } .sum tr:last-child > * { font-weight: 700; border-bottom: 3px double var(--ink); }
  .credit { color: var(--credit); } .debit { color: var(--debit); }
  figure { margin: 0 0 1.5rem; } svg { display: block; width: 100%; height: 11rem; background: var(--band); border-radius: .375rem; }
  svg .credit { fill: var(--credit); } svg .debit { fill: var(--debit); } svg line { stroke: var(--soft); stroke-width: 1; vector-effect: non-scaling-stroke; }
  .axis, figcaption { color: var(--soft); font-size: .875rem; padding-top: .375rem; }
  .axis { display: flex; justify-content: space-between; white-space: nowrap; }
  figcaption { display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
  a { color: var(--link); }
  :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
  @media print {
    :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --band: #fff; --link: #000; }
    html { font-size: 9pt; } body { font-size: 1rem; } main { max-width: none; padding: 0; } h2 { margin-top: 1.5rem; }
    .scroll { overflow: visible; background: none; } caption span { position: static; max-width: none; }
    th, td { padding: .2rem .4rem; } thead th { white-space: normal; } td.number { white-space: normal; overflow-wrap: anywhere; }
    thead { display: table-header-group; } tr, figure { break-inside: avoid; } h2, caption { break-after: avoid; }
    @page { size: A4; margin: 18mm; }
  }
`;
