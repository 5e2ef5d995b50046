import { expect, test } from '@jest/globals';
import { splitYardstick } from './measure-yardstick.js';

test('the yardstick is timed from its mark on, with the path of the file in it', () => {
  const sql = `create table staging ();\n-- The clock starts here.\n\\copy staging from 'FILE' csv header\n`;
  expect(splitYardstick(sql, "/a/it's.csv")).toEqual([
    'create table staging ();\n',
    `\n\\copy staging from '/a/it''s.csv' csv header\n`,
  ]);
  expect(() => splitYardstick('select 1', '/a.csv')).toThrow('where the clock starts');
});
