import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bus } from '@passbook/bus';
import { LEDGER_EVENTS, type CloudEvent } from '@passbook/contracts';
import { collectTexts, describeKafka, makeRandom, openTestBus, type Random } from '@passbook/testing';
import { findUnsound, makeTestLedger, transfer, type TestLedger } from '../ledger/make-test-ledger.js';
import { openScene, type Scene } from './fault-scene.js';
import { chooseSeed, faultsEnvironment, showPoint, type KillPoint } from './watched-process.js';

const REMEMBER = 'update event_relay set relayed_id = $2 where holder = $1 and relayed_id < $2';

/** A relay that dies is followed by another within its lease, and that one has to start. */

describeKafka('the relay', () => {
  let scene: Scene;
  let ledger: TestLedger;
  let bus: Bus;
  let told: CloudEvent[];
  let wallets: bigint[];
  let random: Random;
  beforeEach(async () => {
    random = makeRandom(chooseSeed('kills of the relay'));
    scene = await openScene();
    ledger = makeTestLedger(scene.database, { posters: 2 });
    bus = await openTestBus([LEDGER_EVENTS], { prefix: scene.prefix });
    const texts = collectTexts(bus, LEDGER_EVENTS);
    told = [];
    const { push } = texts;
    texts.push = (...more) => {
      told.push(...more.map((text) => JSON.parse(text) as CloudEvent));
      return push.apply(texts, more);
    };
    wallets = await Promise.all(Array.from({ length: 20 }, () => ledger.openWallet(1000n)));
  });
  afterEach(async () => {
    await ledger.stop();
    await bus.stop();
    await scene.remove();
  });

  /** Posts transfers at random until what it is to wait for has come. */
  const postUntil = async (done: Promise<unknown>): Promise<void> => {
    let isDone = false;
    void done.finally(() => (isDone = true)).catch(() => {});
    while (!isDone) {
      const pick = (): bigint => random.choose(wallets);
      const some = Array.from({ length: 10 }, () =>
        ledger.post(transfer(pick(), pick(), BigInt(random.between(1, 900)))),
      );
      await Promise.all(some);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await done;
  };

  const expectAllTold = async (): Promise<void> => {
    const { rows } = await scene.database.query<{ id: bigint }>('select id from events order by id');
    const ids = rows.map(({ id }) => String(id));
    await scene.until('every event is told', () => {
      const seen = new Set(told.map(({ id }) => id));
      return ids.every((id) => seen.has(id));
    });
    const lastOf = new Map<string, bigint>();
    const seen = new Set<string>();
    for (const { id, subject } of told) {
      if (!seen.has(id)) {
        expect([subject, id, BigInt(id) > (lastOf.get(subject) ?? 0n)]).toEqual([subject, id, true]);
        lastOf.set(subject, BigInt(id));
      }
      seen.add(id);
    }
    // Nothing was told that did not happen.
    expect([...seen].filter((id) => !ids.includes(id))).toEqual([]);
    expect(await findUnsound(scene.database)).toEqual([]);
  };

  test('tells every event, in the order of each account, though it is killed (-9) at each of its steps', async () => {
    const send = `send ${LEDGER_EVENTS}`;
    const points: KillPoint[] = [
      { name: send, nth: 3, side: 'before' },
      { name: send, nth: 15, side: 'after' },
      { name: REMEMBER, nth: 1, side: 'before' },
      { name: REMEMBER, nth: 2, side: 'after' },
    ];
    for (const point of points) {
      const kill = { ...point, signal: 'SIGKILL' as const };
      const doomed = scene.start('processor', faultsEnvironment(scene.place, { log: 'operations', kill }));
      await postUntil(
        scene.until(`it is killed ${showPoint(point)}`, () => doomed.process.signalCode !== null),
      );
      expect([showPoint(point), doomed.process.signalCode]).toEqual([showPoint(point), 'SIGKILL']);
    }
    expect(new Set(told.map(({ id }) => id)).size).toBeLessThan(told.length);
    scene.start('processor');
    await expectAllTold();
  });

  test('tells every event, in the order of each account, though it freezes for longer than its lease and wakes up', async () => {
    const frozen = scene.start('processor');
    await postUntil(scene.until('it tells', () => told.length > 0));
    frozen.process.kill('SIGSTOP');
    const already = told.length;
    scene.start('processor');
    await postUntil(scene.until('another tells', () => told.length > already + 100));
    frozen.process.kill('SIGCONT');
    await postUntil(scene.until('events are told', () => told.length > already + 300));
    await expectAllTold();
  });
});
