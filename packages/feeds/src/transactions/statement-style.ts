/**
 * Letters and lines for screen (light, dark, narrow) and paper. No font, image or script is loaded from anywhere.
 * Debits are told by their sign: only credits have a colour of their own, so a long list stays calm.
 */
export const statementStyle = `
  :root { color-scheme: light dark; --ink: #16202e; --soft: #566173; --line: #e1e6ed; --rule: #16202e; --paper: #fff; --desk: #eef1f5; --band: #f5f7fa; --link: #0b57a4; --credit: #0c7448; --debit: #5b6b86; }
  @media screen and (prefers-color-scheme: dark) {
    :root { --ink: #e9edf2; --soft: #a5b0be; --line: #313a46; --rule: #aab4c2; --paper: #151a20; --desk: #0d1014; --band: #1d242c; --link: #8fc1f6; --credit: #62cf98; --debit: #8c9cb8; }
  }
  * { box-sizing: border-box; }
  html { -webkit-text-size-adjust: 100%; }
  body { margin: 0; background: var(--desk); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
  main { max-width: 58rem; margin: 2.5rem auto; padding: 3.5rem 4rem 3rem; background: var(--paper); border-radius: .75rem; box-shadow: 0 1px 3px #0f1a2a26; }
  h1 { font-size: clamp(1.5rem, 1.25rem + 1.5vw, 2.125rem); line-height: 1.2; letter-spacing: -.015em; margin: 0; }
  h2 { font-size: 1.1875rem; line-height: 1.3; letter-spacing: -.005em; margin: 0 0 .75rem; }
  section { margin-top: 3rem; }
  p { margin: .75rem 0; }
  .soft, footer { color: var(--soft); font-size: .875rem; }
  footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem; }
  .kind { color: var(--soft); font-size: .875rem; margin: 0 0 .375rem; }
  dl, dd { margin: 0; }
  dt { color: var(--soft); font-size: .8125rem; }
  .facts { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin-top: 1.25rem; }
  .facts > div { min-width: 0; }
  .type { display: inline-block; } .type::first-letter { text-transform: uppercase; }
  .sum { display: flex; flex-wrap: wrap; gap: 1.25rem 1.5rem; padding: 1.25rem 1.5rem; background: var(--band); border-radius: .625rem; }
  .sum > div { flex: 1 1 auto; min-width: 0; }
  .amount { font-size: 1.3125rem; line-height: 1.4; font-weight: 600; letter-spacing: -.01em; }
  .sum > :last-child .amount::before { content: "= " / ""; color: var(--soft); font-weight: 400; }
  .plus > :nth-child(n + 2):not(:last-child) .amount::before { content: "+ " / ""; color: var(--soft); font-weight: 400; }
  .note { color: var(--soft); font-size: .8125rem; line-height: 1.4; }
  table { border-collapse: collapse; width: 100%; }
  caption { text-align: start; color: var(--soft); font-size: .875rem; padding-bottom: .5rem; }
  th, td { padding: .4375rem 0 .4375rem 1.25rem; border-bottom: 1px solid var(--line); text-align: start; vertical-align: baseline; }
  th:first-child, td:first-child { padding-inline-start: 0; }
  thead th { color: var(--soft); font-weight: 500; font-size: .8125rem; border-bottom-color: var(--soft); }
  tbody th { font-weight: 400; } tfoot > tr > * { font-weight: 600; border-bottom: 0; border-top: 1px solid var(--soft); }
  .number { text-align: end; }
  .id { font: .75rem/1.5rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--soft); }
  .credit { color: var(--credit); }
  .months.long { font-size: .875rem; }
  .list td.credit { font-weight: 500; }
  .list td:not(.id):not(.number) { white-space: nowrap; }
  .month > * { position: sticky; top: 0; background: var(--paper); padding-top: 1.75rem; border-bottom-color: var(--soft); font-weight: 600; }
  .month span { color: var(--soft); font-weight: 400; font-size: .875rem; padding-inline-start: .5rem; }
  .month td { color: var(--soft); }
  figure { margin: 0 0 1.75rem; }
  svg { display: block; width: 100%; height: 11rem; }
  svg .credit { fill: var(--credit); } svg .debit { fill: var(--debit); } svg line { stroke: var(--soft); stroke-width: 1; vector-effect: non-scaling-stroke; }
  figcaption .debit { color: var(--debit); }
  .axis { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); color: var(--soft); font-size: .75rem; line-height: 1.3; text-align: center; padding-top: .375rem; overflow-wrap: normal; }
  .axis span { justify-self: center; } .axis bdi { display: block; white-space: nowrap; min-height: 1.3em; }
  figcaption { display: flex; flex-wrap: wrap; gap: 0 1.5rem; color: var(--soft); font-size: .875rem; padding-top: .75rem; }
  figcaption bdi { white-space: nowrap; }
  [hidden] { display: none !important; }
  code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--band); padding: .125em .375em; border-radius: .25rem; }
  [role=search] { display: flex; flex-wrap: wrap; align-items: center; gap: .375rem .75rem; margin-bottom: 1rem; }
  input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .375rem; padding: .375rem .75rem; width: 100%; max-width: 20rem; }
  label, output { color: var(--soft); font-size: .875rem; }
  .accounts td, thead th { white-space: nowrap; }
  .wide { overflow-x: auto; } .figures { overflow-wrap: normal; } .figures thead th { white-space: normal; vertical-align: bottom; } .figures td.number { white-space: nowrap; }
  .notice { background: var(--band); border-inline-start: .25rem solid var(--debit); padding: .75rem 1rem; }
  a { color: var(--link); }
  :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
  @media screen and (max-width: 58rem) { main { margin: 0 auto; padding: 2.5rem clamp(1.25rem, 4vw, 2.5rem); border-radius: 0; box-shadow: none; } body { background: var(--paper); } }
  @media screen and (max-width: 50rem) {
    .sum { display: block; padding: .25rem 1rem; }
    .sum > div { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; align-items: baseline; padding: .625rem 0; border-bottom: 1px solid var(--line); }
    .sum > :last-child { border-bottom: 0; border-top: 1px solid var(--rule); margin-top: -1px; }
    .sum dt { color: var(--ink); font-size: .9375rem; } .sum > :last-child dt { font-weight: 600; }
    .amount { font-size: 1.0625rem; text-align: end; } .sum > :last-child .amount::before { content: none; }
    .note:nth-child(4) { text-align: end; }
    .sum.long > div { display: block; } .sum.long .note:nth-child(4) { text-align: start; }
  }
  @media screen and (max-width: 40rem) {
    main { padding-top: 1.5rem; }
    section { margin-top: 2.25rem; }
    .dense span:nth-child(even) { visibility: hidden; }
    .months { display: grid; grid-template-columns: 1fr auto auto; column-gap: .75rem; } .months caption { grid-column: 1 / -1; } .months :is(thead, tbody, tfoot) { display: contents; }
    .months tr { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; padding: .5rem 0; border-bottom: 1px solid var(--line); font-size: .875rem; }
    .months tr > *, .list tr > * { padding: 0; border: 0; }
    .months thead tr, .months thead th { font-size: .75rem; } .months th { font-size: .8125rem; } .months tfoot tr { border-bottom: 0; border-top: 1px solid var(--soft); margin-top: -1px; }
    .months tr > :nth-child(2) { grid-area: 2 / 1; text-align: start; } .months tr > :nth-child(5) { grid-area: 2 / 2; } .months tr > :nth-child(6) { grid-area: 2 / 3; }
    .months :is(tbody, tfoot) > tr > :is(:nth-child(2), :nth-child(5), :nth-child(6)) { color: var(--soft); font-size: .8125rem; font-weight: 400; }
    .months.long { grid-template-columns: 1fr 1fr; } .months.long tr > :first-child { grid-area: 1 / 1; } .months.long tr > :nth-child(2) { grid-area: 1 / 2; text-align: end; }
    .months.long tr > :nth-child(3) { grid-area: 2 / 1; } .months.long tr > :nth-child(4) { grid-area: 2 / 2; } .months.long tr > :nth-child(5) { grid-area: 3 / 1; } .months.long tr > :nth-child(6) { grid-area: 3 / 2; }
    .list, .list tbody, .list caption { display: block; }
    .accounts, .accounts tbody, .accounts caption { display: block; }
    .accounts tr { display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: baseline; padding: .625rem 0; border-bottom: 1px solid var(--line); } .accounts tr::after { content: ""; order: 2; flex-basis: 100%; }
    .accounts tr > * { padding: 0; border: 0; order: 3; } .accounts tr > th { flex: 1 1 0; order: 0; } .accounts tr > :nth-child(5) { order: 1; }
    .accounts tr > :is(:nth-child(2), :nth-child(3), :nth-child(4)) { color: var(--soft); font-size: .8125rem; } .accounts tr > :nth-child(4)::before { content: "Transactions: "; } .accounts tr > :nth-child(6) { margin-inline-start: auto; font-size: .8125rem; }
    .accounts thead, .list thead, .figures thead { position: absolute; clip-path: inset(50%); }
    .figures, .figures tbody, .figures caption { display: block; overflow-wrap: anywhere; } .figures tr { display: block; padding: .625rem 0; border-bottom: 1px solid var(--line); }
    .figures tr > * { display: flex; justify-content: space-between; align-items: baseline; gap: .75rem; padding: 0; border: 0; } .figures tr > th { font-weight: 600; } .figures td { text-align: end; } .figures td::before { content: attr(data-name); color: var(--soft); font-size: .8125rem; text-align: start; }
    .list tr { display: grid; grid-template-columns: auto 1fr auto; gap: 0 .75rem; align-items: baseline; padding: .5rem 0; border-bottom: 1px solid var(--line); }
    .list .number { grid-area: 1 / 3; } .list .id { grid-area: 2 / 1 / auto / -1; font-size: .6875rem; }
    .list .month { position: sticky; top: 0; background: var(--paper); padding-top: 1rem; border-bottom-color: var(--soft); } .month > * { position: static; background: none; } .month th { grid-area: 1 / 1 / auto / 3; } .month span { display: block; padding: 0; }
  }
  @media print {
    :root { color-scheme: light; --ink: #000; --soft: #444; --line: #ccc; --rule: #000; --desk: #fff; --band: #fff; --link: #000; }
    html { font-size: 9.5pt; } main { max-width: none; margin: 0; padding: 0; box-shadow: none; } section { margin-top: 2rem; } h1 { font-size: 18pt; } .wide { overflow: visible; } .notice { border: 1px solid #999; }
    .sum { border: 1px solid #999; flex-wrap: nowrap; } svg { height: 8rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    th, td { padding-top: .22rem; padding-bottom: .22rem; } .month > * { position: static; padding-top: 1rem; } .id { font-size: 7pt; }
    thead { display: table-header-group; } tfoot { display: table-row-group; } tr, figure, .sum { break-inside: avoid; } h2, caption, .month { break-after: avoid; }
    @page { size: A4; margin: 18mm 17mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #444; } }
  }
`;
