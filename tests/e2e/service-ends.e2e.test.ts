import { expect, test } from '@jest/globals';
import { IMPORTS_CHUNKED, REPORTS_DUE } from '@passbook/contracts';
import {
  describeKafka,
  makeTestDatabase,
  openTestBus,
  testKafka,
  uniqueName,
  until,
} from '@passbook/testing';
import kafkajs from 'kafkajs';
import { makePlace } from '../run-passbook.js';

/* How a service ends when it cannot go on, and what it says then. */

describeKafka('a service', () => {
  test('with a faulty configuration ends with exit code 2 and all faults', async () => {
    const alone = await makePlace();
    try {
      const { code, stderr } = await alone.run('service.mjs', ['processor'], { KAFKA_TLS: 'yes' });
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /DATABASE_URL is not given[^]*KAFKA_BROKERS is not given[^]*KAFKA_TLS is neither/,
      );
      const away = { DATABASE_URL: 'postgres://127.0.0.1:1/x', KAFKA_BROKERS: '127.0.0.1:1' };
      const waiting = alone.start('service.mjs', ['processor'], away);
      await until('it waits', () => waiting.output().includes('waiting for Postgres'));
      waiting.process.kill('SIGTERM');
      expect((await waiting.finished).code).toBe(0);
    } finally {
      await alone.remove();
    }
  });

  test('that Postgres does not let in says so in a sentence, and ends with 1', async () => {
    const alone = await makePlace();
    try {
      const url = new URL(process.env['TEST_POSTGRES_URL']!);
      url.password = 'wrong';
      const { code, stderr } = await alone.run('service.mjs', ['api'], { DATABASE_URL: url.href });
      expect([code, stderr.trim().split('\n')]).toEqual([
        1,
        [expect.stringMatching(/^Postgres at .* refuses us: password authentication failed/)],
      ]);
    } finally {
      await alone.remove();
    }
  });

  test('whose consumer is dead ends with 1: here somebody made the topic one that cannot be read', async () => {
    const alone = await makePlace();
    const own = await makeTestDatabase();
    const { brokers } = await testKafka();
    const ownPrefix = `${uniqueName('dead')}.`;
    const admin = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    const bus = await openTestBus([IMPORTS_CHUNKED, REPORTS_DUE], { prefix: ownPrefix });
    try {
      const processor = alone.start('service.mjs', ['processor'], {
        DATABASE_URL: own.url,
        KAFKA_BROKERS: brokers,
        KAFKA_PREFIX: ownPrefix,
      });
      await until('it has started', () => processor.output().includes('"msg":"started"'));
      await admin.connect();
      await admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: kafkajs.ConfigResourceTypes.TOPIC,
            name: ownPrefix + IMPORTS_CHUNKED,
            configEntries: [{ name: 'compression.type', value: 'zstd' }],
          },
        ],
      });
      // Brokers take a change over a moment after they have acknowledged it: what comes before that can still be read.
      await until('it ends', async () => {
        await bus.publish(IMPORTS_CHUNKED, [{ key: 'a', headers: {}, value: Buffer.alloc(1000) }]);
        return processor.process.exitCode !== null;
      });
      expect((await processor.finished).code).toBe(1);
      expect(processor.output()).toMatch(/The consumer of .* has ended: ZSTD compression not implemented/);
    } finally {
      await admin.disconnect();
      await bus.stop();
      await alone.remove();
      await own.drop();
    }
  });
});
