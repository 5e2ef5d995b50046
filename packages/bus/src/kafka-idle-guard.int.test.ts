import { createRequire } from 'node:module';
import { afterEach, expect, jest, test } from '@jest/globals';
import { makeLogger } from '@passbook/runtime';
import { describeKafka, testKafka, withoutSecurity } from '@passbook/testing';
import { makeKafkaClient } from './kafka-client.js';

interface RequestQueueClass {
  prototype: { checkPendingRequests(): void; scheduleCheckPendingRequests(): void };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describeKafka('a connection to Kafka', () => {
  test('that has nothing to send sleeps, and still sends when it has something', async () => {
    const client = makeKafkaClient(withoutSecurity((await testKafka()).brokers), makeLogger('silent'));
    const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as RequestQueueClass;
    const looks = jest.spyOn(queue.prototype, 'checkPendingRequests');
    const admin = client.admin();
    await admin.connect();
    await admin.listTopics();
    // What is on its way may still be looked for once on each connection.
    looks.mockClear();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(looks.mock.calls.length).toBeLessThanOrEqual(5);
    await admin.listTopics();
    await admin.disconnect();
  });
});
