import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bus } from '@passbook/bus';
import { hashPayload, IMPORTS_CHUNKED, REPORTS_DUE, type Message } from '@passbook/contracts';
import { describeKafka, openTestBus, makeRandom } from '@passbook/testing';
import { openScene, type Dropped, type Scene } from './fault-scene.js';

/* Kafka may repeat, reorder and delay, and others may write to the topic: what the chunks on it become. */

let scene: Scene;
let bus: Bus;
beforeEach(async () => {
  scene = await openScene();
  bus = await openTestBus([IMPORTS_CHUNKED, REPORTS_DUE], { prefix: scene.prefix });
});
afterEach(async () => {
  await bus.stop();
  await scene.remove();
});

const size = { accounts: 20, operations: 50, bad: 0.01 };

/** Has a file chunked while there is no processor. @returns its chunks, read from the topic by a group of the test's own */
async function chunkOnly(seed: number): Promise<{ file: Dropped; chunks: Message[] }> {
  const chunks: Message[] = [];
  const reader = await bus.consume(IMPORTS_CHUNKED, {
    group: 'reader',
    batchMessagesMax: 100,
    handle: (batch) =>
      Promise.resolve(void chunks.push(...batch.map(({ key, headers, value }) => ({ key, headers, value })))),
    onFailure: () => {},
  });
  const file = await scene.drop('chunked.csv', { ...size, seed });
  scene.start('chunker');
  await scene.until('all chunks are on the topic', async () => {
    const sent = await scene.count('select coalesce(max(chunks_sent), -1) from imports');
    return sent === chunks.length;
  });
  await reader.stop();
  return { file, chunks };
}

const ownContent = (chunk: Message, value: Buffer): Message => ({
  ...chunk,
  value,
  headers: { ...chunk.headers, 'payload-sha256': hashPayload(value) },
});
/** The chunk with its own name and another content: the last row has another line. */
const otherContent = (chunk: Message): Message => {
  const value = Buffer.from(chunk.value);
  // Behind the line there is the month, of four bytes.
  value[value.length - 5]! += 1;
  return ownContent(chunk, value);
};
const deadLetters = (): Promise<number> => scene.count('select count(*) from dead_letters');
const stateOf = async (name: string): Promise<string> => {
  const { rows } = await scene.database.query<{ state: string }>(
    'select state from imports where file_name = $1',
    [name],
  );
  return rows[0]?.state ?? 'none';
};

describeKafka('chunks that', () => {
  test('come three times and in any order are posted once, and complete their import once', async () => {
    const { chunks } = await chunkOnly(1);
    const random = makeRandom(1).next;
    for (let round = 0; round < 2; round++) {
      const shuffled = chunks
        .map((chunk) => ({ chunk, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ chunk }) => chunk);
      await bus.publish(IMPORTS_CHUNKED, shuffled);
    }
    const processors = [scene.start('processor'), scene.start('processor')];
    scene.start('reporter');
    await scene.untilEnded();
    await scene.until('every repeat was handled', () => bus.isAcknowledged(IMPORTS_CHUNKED, 'processor'));
    await scene.expectAllOnce();
    const said = processors.map((one) => one.output()).join('');
    expect(said.split('import loaded')).toHaveLength(2);
  });

  test('bear the name of a chunk and other content, and come before it: the true one is a dead letter, the import is stopped, never done', async () => {
    const { file, chunks } = await chunkOnly(2);
    const forged = otherContent(chunks[0]!);
    // Kafka keeps what is on it: to come first, it comes on a topic made anew.
    await bus.stop();
    const { prefix } = scene;
    bus = await openTestBus([IMPORTS_CHUNKED, REPORTS_DUE], { prefix: `${prefix}anew.` });
    await bus.publish(IMPORTS_CHUNKED, [forged]);
    // Nobody can tell a forged chunk with which the import is complete before the true one comes.
    await bus.publish(IMPORTS_CHUNKED, chunks.slice(0, -1));
    scene.start('processor', { KAFKA_PREFIX: `${prefix}anew.` });
    await scene.until('the import is stopped', async () => (await stateOf(file.name)) === 'stopped');
    await bus.publish(IMPORTS_CHUNKED, chunks.slice(-1));
    await scene.until('nothing is missing', async () => {
      const loaded = await scene.count('select count(*) from loaded_chunks');
      return loaded === chunks.length;
    });
    await scene.until('all was handled', () => bus.isAcknowledged(IMPORTS_CHUNKED, 'processor'));
    expect(await deadLetters()).toBe(1);
    expect(await scene.count('select count(*) from transactions')).toBe(file.goodRows);
    expect(await scene.count('select count(*) from reports')).toBe(0);
    expect(await scene.place.list('processed')).toEqual([]);
  });

  test('bear the name of a chunk and other content, and come when the import is done: nothing is posted', async () => {
    const { chunks } = await chunkOnly(3);
    scene.start('processor');
    scene.start('reporter');
    await scene.untilEnded();
    await bus.publish(IMPORTS_CHUNKED, chunks.map(otherContent));
    await scene.until('all was handled', () => bus.isAcknowledged(IMPORTS_CHUNKED, 'processor'));
    await scene.expectAllOnce();
  });

  test('were damaged on the way are dead letters, and the import is done with the true ones', async () => {
    const { file, chunks } = await chunkOnly(4);
    const damaged = chunks.map((chunk) => ({ ...chunk, value: chunk.value.subarray(1) }));
    await bus.publish(IMPORTS_CHUNKED, damaged);
    scene.start('processor');
    scene.start('reporter');
    await scene.untilEnded();
    await scene.until('all was handled', () => bus.isAcknowledged(IMPORTS_CHUNKED, 'processor'));
    expect(await deadLetters()).toBe(damaged.length);
    expect(await stateOf(file.name)).toBe('loaded');
    await scene.database.query('delete from dead_letters');
    await scene.expectAllOnce();
  });
});
