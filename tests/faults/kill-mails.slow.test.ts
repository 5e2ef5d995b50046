import { expect, test } from '@jest/globals';
import { findMailKillPoints, proveMailKill } from './prove-mail-kills.js';
import { runEach } from './watched-process.js';

test('a process that is killed (-9) before or after any step of a mail leaves one copy at most, or a mail that is unknown', async () => {
  const points = await findMailKillPoints();
  // Made due, claimed, begun, settled, given back: on both sides.
  expect(points.length).toBeGreaterThanOrEqual(10);
  await runEach(points, 2, proveMailKill);
}, 600_000);
