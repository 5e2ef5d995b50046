/** How the pages of the API look. */
export const pageStyle = `
  :root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6675; --line: #d8dee6; --paper: #fff; --link: #0b57a4; --bad: #a3271a; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8ecf1; --soft: #a5b0bd; --line: #3a4450; --paper: #14181d; --link: #8ec0f5; --bad: #ff9d90; } }
  body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
  th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; white-space: nowrap; }
  th { font-weight: 600; color: var(--soft); } .number { text-align: right; }
  td.file { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
  a { color: var(--link); } .soft { color: var(--soft); } .bad { color: var(--bad); }
  ul.plain { margin: 0; padding: 0; list-style: none; }
  .wide { white-space: normal; overflow-wrap: anywhere; min-width: 16rem; }
  @media screen and (max-width: 64rem) {
    /* A row is a block, and each figure has its name: nothing lies beyond the edge. */
    .imports, .imports :is(caption, tbody, tr) { display: block; }
    .imports thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
    .imports tr { padding: .75rem 0; border-bottom: 1px solid var(--line); }
    .imports td { display: block; min-width: 0; padding: .1rem 0; border: 0; white-space: normal; text-align: left; overflow-wrap: anywhere; }
    .imports td.file { font-weight: 600; }
    .imports td[data-name] { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; }
    .imports td[data-name]:empty { display: none; }
    .imports td[data-name]::before { content: attr(data-name); color: var(--soft); }
  }
  .try label { display: block; margin: .4rem 0; } .try textarea { display: block; width: 100%; max-width: 40rem; }
  .try input, .try textarea { font: .9rem/1.4 ui-monospace, monospace; } .answer { white-space: pre-wrap; overflow-wrap: anywhere; }
`;
