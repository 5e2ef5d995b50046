import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { askForBrokers } from '../../../scripts/local-kafka-probe.mjs';
import { startTcpProxy } from './tcp-proxy.js';
import { makeTestFolder } from './test-folder.js';
import { describeKafka, testKafka, uniqueName } from './test-kafka.js';

const announced = process.env['TEST_KAFKA'];

describeKafka('testKafka', () => {
  test('gives a broker that takes requests', async () => {
    const { brokers } = await testKafka();
    const [host, port] = brokers.split(',')[0]!.split(':');
    expect(await askForBrokers(host!, Number(port))).toBeGreaterThan(0);
  });

  test('the proxied listener can be reached through a proxy', async () => {
    const { proxied } = await testKafka();
    // A broker that was named to the run has none.
    if (proxied === null) return;
    const proxy = await startTcpProxy({ target: proxied.target });
    expect(await askForBrokers('127.0.0.1', proxy.port)).toBe(1);
    expect(proxy.bytes.toClient).toBeGreaterThan(0);
    await proxy.stop();
  });
});

describe('what the setup announces', () => {
  afterEach(() => {
    if (announced === undefined) delete process.env['TEST_KAFKA'];
    else process.env['TEST_KAFKA'] = announced;
  });

  test('a broker that did not start fails the test with the reason', async () => {
    const folder = await makeTestFolder();
    const state = join(folder.path, 'state');
    await writeFile(state, 'Kafka is not running.');
    process.env['TEST_KAFKA'] = JSON.stringify({ brokers: '127.0.0.1:1', state });
    await expect(testKafka()).rejects.toThrow('Kafka is not running.');
    await folder.remove();
  });

  test('a broker that the user named is taken at their word', async () => {
    const given = { brokers: '127.0.0.1:1', secure: null, proxied: null };
    process.env['TEST_KAFKA'] = JSON.stringify({ ...given, state: null });
    expect(await testKafka()).toEqual(given);
  });

  test('without a broker, a test that asks for one fails', async () => {
    delete process.env['TEST_KAFKA'];
    await expect(testKafka()).rejects.toThrow('describeKafka');
  });
});

test('uniqueName never gives the same name twice', () => {
  expect(uniqueName('topic')).toMatch(/^topic-/);
  expect(uniqueName('topic')).not.toBe(uniqueName('topic'));
});
