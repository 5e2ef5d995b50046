import { expect, test } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { cleanReply, maskAddress, REPLY_MAX } from './clean-reply.js';

test.each([
  ['550 5.1.1 <janet@example.com>: no such user', '550 5.1.1 <j•••@example.com>: no such user'],
  ['451 4.7.1 try\r\n451 again\x1b[31m', '451 4.7.1 try 451 again [31m'],
  ['550 a\u202eb\u2028c\0d', '550 a b c d'],
  ['250 2.0.0 queued as 4F@B', '250 2.0.0 queued as 4•••@B'],
])('%j is kept as %j', (reply, kept) => expect(cleanReply(reply)).toBe(kept));

test('whatever a server says is kept on one line of bounded length, in whole characters', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 1_200, minLength: 0 }), (reply) => {
      const kept = cleanReply(reply);
      expect(kept.length).toBeLessThanOrEqual(REPLY_MAX);
      expect(Buffer.from(kept).toString()).toBe(kept);
      expect(kept).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['janet@example.com', 'j•••@example.com'],
  ['😀@example.com', '😀•••@example.com'],
  ['no address', '•••'],
])('%s is shown as %s', (address, masked) => expect(maskAddress(address)).toBe(masked));
