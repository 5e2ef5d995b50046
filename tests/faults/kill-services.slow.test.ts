import { expect, test } from '@jest/globals';
import { describeKafka } from '@passbook/testing';
import { proveServiceKills, type Victim } from './prove-service-kills.js';

// The reporter comes last: it has nothing to do before the import is loaded.
const round: Victim[] = ['chunker', 'processor', 'kafka', 'postgres'];

describeKafka('the services, Kafka and Postgres', () => {
  test('post every one of 1,000,000 rows once, though all are killed (-9) again and again', async () => {
    const { killed } = await proveServiceKills({
      rows: 1_000_000,
      accounts: 1000,
      victims: [...round, ...round, ...round, 'reporter', 'reporter'],
      pauseMaxMs: 2500,
    });
    expect(killed).toBeGreaterThanOrEqual(10);
  }, 900_000);
});
