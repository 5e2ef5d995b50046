import { expect, test } from '@jest/globals';
import { describeKafka } from '@passbook/testing';
import { proveServiceKills } from './prove-service-kills.js';

describeKafka('the services, Kafka and Postgres', () => {
  test('post every one of 1,000,000 rows once, though each is killed (-9) three times', async () => {
    const killed = await proveServiceKills({
      rows: 1_000_000,
      accounts: 1000,
      kills: 3,
      victims: ['chunker', 'processor', 'reporter', 'kafka', 'postgres'],
      pauseMaxMs: 2500,
    });
    expect(killed).toBeGreaterThanOrEqual(5);
  }, 900_000);
});
