import { expect, test } from '@jest/globals';
import { describeKafka } from '@passbook/testing';
import { proveServiceKills } from './prove-service-kills.js';

const size = { rows: 600_000, accounts: 600, pauseMaxMs: 1000 };

describeKafka('the services', () => {
  test('go on by themselves when Postgres is restarted (fast, immediate, kill -9), and say that it was away and is back', async () => {
    const { killed, output } = await proveServiceKills({
      ...size,
      victims: ['postgres, fast', 'postgres, immediate', 'postgres'],
    });
    expect(killed).toBe(3);
    expect(output).toContain('The database is away or busy');
    expect(output).toContain('Postgres is there again');
  });

  test('go on by themselves when the broker is stopped or killed (-9) and started again while they produce and consume', async () => {
    const { killed, output } = await proveServiceKills({
      ...size,
      victims: ['kafka, stopped', 'kafka'],
    });
    expect(killed).toBe(2);
    expect(output).toContain('Kafka is away; the consumer is started again');
    expect(output).toContain('Kafka is there again');
  });
});
