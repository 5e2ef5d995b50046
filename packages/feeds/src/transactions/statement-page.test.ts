import { expect, test } from '@jest/globals';
import { array, assert, integer, property, record, string } from 'fast-check';
import Handlebars from 'handlebars';
import { makeList } from './statement-page.js';

const template = '<td>{{name}}</td><td class="{{name}}">{{count}}</td>\n';

test('a list is what Handlebars makes of them, whatever its cells hold', () => {
  const list = makeList<'name' | 'count'>(template);
  const page = Handlebars.compile(`{{#each items}}${template}{{/each}}`);
  const cells = record({ name: string({ unit: 'binary' }), count: integer() });
  assert(
    property(array(cells), (items) => {
      expect(list(items).toHTML()).toBe(page({ items }));
    }),
    { numRuns: 500 },
  );
});

test('a list stands in a page as it is, and is not escaped twice', () => {
  const list = makeList<'name' | 'count'>(template)([{ name: '<&>', count: 0 }]);
  expect(Handlebars.compile('<table>{{list}}</table>')({ list })).toBe(
    '<table><td>&lt;&amp;&gt;</td><td class="&lt;&amp;&gt;">0</td>\n</table>',
  );
});

test.each(['{{{name}}}', '{{#if name}}x{{/if}}', '{{upper name}}', '{{> name}}'])(
  'an item that has more than names in double braces is a mistake: %s',
  (wrong) => expect(() => makeList(wrong)).toThrow('An item has'),
);

test('a name that the template has and the item has not is an error, not a gap', () => {
  const list = makeList(template) as (items: Record<string, string>[]) => unknown;
  expect(() => list([{ name: 'x' }])).toThrow('"count" is in the template');
});

test('a list in a list is not escaped twice', () => {
  const inner = makeList<'name' | 'count'>(template)([{ name: '<&>', count: 0 }]);
  expect(makeList<'rows'>('<b>{{rows}}</b>')([{ rows: inner }]).toHTML()).toBe(
    '<b><td>&lt;&amp;&gt;</td><td class="&lt;&amp;&gt;">0</td>\n</b>',
  );
});
