import { test } from '@jest/globals';
import { proveMailKill } from './prove-mail-kills.js';

// Before and after each thing that is done to deliveries: kill-mails.slow.test.ts.
test.each(['accepted', 'lost'] as const)(
  'a process that is killed (-9) while the server has a mail, which is %s, leaves one copy at most, or a mail that is unknown',
  (what) => proveMailKill(what),
);
