import { expect, test } from '@jest/globals';
import { describeKafka } from '@passbook/testing';
import { proveServiceKills } from './prove-service-kills.js';

// The same with a million rows, at random moments, and with Kafka and Postgres among the victims: kill-services.slow.test.ts.
describeKafka('chunker, processor and reporter', () => {
  test('post every row once when each is killed (-9) in the middle of an import and started again', async () => {
    const { killed } = await proveServiceKills({
      rows: 20_000,
      accounts: 100,
      victims: ['chunker', 'processor', 'reporter'],
    });
    expect(killed).toBe(3);
  });
});
