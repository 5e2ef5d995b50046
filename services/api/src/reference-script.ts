/*
 * The one script of the product: it sends the forms of /reference and shows what comes back. Plain, as the browser gets it;
 * each form names its method and path, each field where it goes.
 */
export const referenceScript = `'use strict';
for (const form of document.querySelectorAll('form.try')) {
  const answer = form.querySelector('.answer');
  const fields = [...form.querySelectorAll('input')];
  form.querySelector('details').addEventListener('toggle', () => {
    const key = fields.find((field) => field.name === 'idempotency-key');
    if (key && key.value === '' && crypto.randomUUID) key.value = crypto.randomUUID();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const headers = {};
    const query = new URLSearchParams();
    let path = form.dataset.path;
    for (const { name, value, dataset } of fields) {
      if (dataset.in === 'path') path = path.replace('{' + name + '}', encodeURIComponent(value));
      else if (value === '') continue;
      else if (dataset.in === 'query') query.set(name, value);
      else headers[name] = value;
    }
    const body = form.querySelector('textarea')?.value;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const url = path + (query.size > 0 ? '?' + query : '');
    answer.textContent = 'Sent …';
    try {
      const response = await fetch(url, { method: form.dataset.method, headers, body });
      const text = await response.text();
      const replayed = response.headers.get('idempotent-replayed') ? ' (replayed)' : '';
      answer.textContent = response.status + ' ' + response.statusText + replayed + '\\n' + indent(text);
    } catch (err) {
      answer.textContent = 'No answer: ' + err.message;
    }
  });
}

/* A number stays as it was written: only what is between the values changes. */
function indent(text) {
  let depth = 0;
  let isText = false;
  let out = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isText && char === '\\\\') out += char + text[++at];
    else if (char === '"') { isText = !isText; out += char; }
    else if (isText) out += char;
    else if ('{['.includes(char)) out += char + '\\n' + '  '.repeat(++depth);
    else if ('}]'.includes(char)) out += '\\n' + '  '.repeat(--depth) + char;
    else if (char === ',') out += ',\\n' + '  '.repeat(depth);
    else out += char === ':' ? ': ' : char;
  }
  return out;
}
`;
