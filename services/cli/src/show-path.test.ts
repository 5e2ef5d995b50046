import { expect, test } from '@jest/globals';
import { showPathFrom } from './show-path.js';

test.each([
  ['/home/me', '/home/me/reports/a.html', 'reports/a.html'],
  ['/home/me', '/home/me', '.'],
  ['/app', '/data/quarantine/a.csv', '/data/quarantine/a.csv'],
  ['/home/me/books', '/home/me/a.csv', '/home/me/a.csv'],
])('from %s the path %s is shown as %s', (standsIn, path, shown) => {
  expect(showPathFrom(standsIn)(path)).toBe(shown);
});
