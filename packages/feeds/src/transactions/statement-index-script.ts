import { createHash } from 'node:crypto';

/**
 * What the index runs: a field that narrows the list of accounts, and links to the API where the API serves the page. It
 * reads text and hides rows; it writes no markup, so nothing that a file holds can become any. Without it, the page
 * has all of its figures and statements.
 */
export const indexScript = `
const plain = (text) => text.normalize('NFKD').replace(/\\p{M}/gu, '').toLowerCase();
const rows = [...document.querySelectorAll('.accounts tbody tr')];
const search = document.querySelector('[role=search]');
if (search !== null) {
  const texts = rows.map(({ cells }) => plain([0, 1, 2].map((at) => cells[at].textContent).join(' ')));
  const field = search.querySelector('input');
  const found = search.querySelector('output');
  field.addEventListener('input', () => {
    const words = plain(field.value).split(/\\s+/);
    let count = 0;
    rows.forEach((row, at) => {
      row.hidden = !words.every((word) => texts[at].includes(word));
      if (!row.hidden) count += 1;
    });
    found.textContent = field.value === '' ? '' : count + ' of ' + rows.length + ' found';
  });
  search.hidden = false;
}
if (location.protocol !== 'file:' && location.pathname.startsWith('/reports/')) {
  for (const link of document.querySelectorAll('[data-leads-to]')) link.href = link.dataset.leadsTo;
  for (const place of document.querySelectorAll('[data-served]')) place.hidden = false;
}
`;

/** The source expression of a Content-Security-Policy that lets this script run, and no other. */
export const INDEX_SCRIPT_SOURCE = `'sha256-${createHash('sha256').update(indexScript).digest('base64')}'`;
