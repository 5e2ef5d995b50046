import { expect, test } from '@jest/globals';
import { isOrderOpen, makeDateReader, orderedPatterns } from './date-pattern.js';

test.each([
  ['dd.MM.yyyy', '31.01.2021', '2021-01-31 00:00:00'],
  ['dd.MM.yy', '01.02.24', '2024-02-01 00:00:00'],
  ['M/d/yyyy', '7/15/2021', '2021-07-15 00:00:00'],
  ['MM/dd/yyyy', '07/15/2021', '2021-07-15 00:00:00'],
  ['yyyyMMdd', '20240131', '2024-01-31 00:00:00'],
  ['yyyy-MM-dd HH:mm:ss', '2021-01-01 07:03:21', '2021-01-01 07:03:21'],
  ['dd/MM/yyyy HH:mm', '01/02/2021 23:59', '2021-02-01 23:59:00'],
  ['dd.MM.yyyy, H:mm', '01.02.2021, 7:05', '2021-02-01 07:05:00'],
])('%s reads %s as %s', (pattern, cell, expected) => {
  expect(makeDateReader(pattern)(cell)).toBe(expected);
});

test.each([
  ['dd.MM.yyyy', '1.2.2021'],
  ['dd.MM.yyyy', '01.02.21'],
  ['dd.MM.yyyy', '01/02/2021'],
  ['dd.MM.yyyy', '01x02x2021'],
  ['dd.MM.yyyy', '01.02.2021 '],
  ['dd.MM.yyyy', '٠١.٠٢.٢٠٢١'],
  ['yyyyMMdd', '2024131'],
  ['M/d/yyyy', 'x7/15/2021'],
])('%s does not read %s', (pattern, cell) => {
  expect(makeDateReader(pattern)(cell)).toBeNull();
});

test('a date without a year is in the year of the format', () => {
  expect(makeDateReader('M/d', 2021)('7/15')).toBe('2021-07-15 00:00:00');
});

test.each([
  ['M/d', 'M/d has no year (yyyy), and "year" is not given.'],
  ['yyyy', 'yyyy has no day (dd) and no month (MM).'],
  ['dd.MM.yyyy d', 'dd.MM.yyyy d has something twice.'],
  ['??/??/yyyy', 'The order of day and month is open in ??/??/yyyy.'],
  ['dMyyyy', 'dMyyyy has d and M without anything between them.'],
  ['yyyy-MM-dd HH:mm:ssZ', 'has letters that mean nothing here.'],
  ['dd MMM yyyy', 'has something twice.'],
])('%s is no pattern', (pattern, message) => {
  expect(() => makeDateReader(pattern)).toThrow(message);
});

test('an open pattern is one of two', () => {
  expect(isOrderOpen('??/??/yyyy')).toBe(true);
  expect(orderedPatterns('??/??/yyyy')).toEqual({ dayFirst: 'dd/MM/yyyy', monthFirst: 'MM/dd/yyyy' });
  expect(orderedPatterns('?.?.yy')).toEqual({ dayFirst: 'd.M.yy', monthFirst: 'M.d.yy' });
  expect(isOrderOpen('dd/MM/yyyy')).toBe(false);
});
