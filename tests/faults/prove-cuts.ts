import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTcpProxy, type IsMeant, type TcpProxy } from '@passbook/testing';
import { openScene, type Scene } from './fault-scene.js';

/*
 * The connection to Postgres is cut at the very moment that decides: the request never arrives, and nothing happened; or
 * its answer is lost, and all of it happened though nobody was told. One run of the services for all tests of a file.
 */

/** A request to Postgres on which something depends. */
export interface Moment {
  service: 'chunker' | 'processor' | 'reporter';
  /** What it stores. */
  what: string;
  /** Makes what tells it from others. */
  meant: () => IsMeant;
}

/** Accepts the COMMIT that follows a statement with this text. */
export const commitAfter = (text: string) => (): IsMeant => {
  // Others may commit on connections of their own meanwhile.
  const isAfter = new WeakSet();
  return (request, connection) => {
    if (request.includes(text)) isAfter.add(connection);
    return isAfter.has(connection) && request.includes('commit\0');
  };
};
/** Accepts the statement with this text, which commits by itself. */
export const statement = (text: string) => (): IsMeant => (request) => request.includes(text);

/** Declares two tests for each moment: the request lost, and its answer lost. */
export function testCuts(moments: readonly Moment[]): void {
  const services = new Set(moments.map(({ service }) => service));
  const cases = moments.flatMap((moment) =>
    (['request', 'answer'] as const).map((lost) => ({ ...moment, lost })),
  );
  const proxies = new Map<string, TcpProxy>();
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene();
    const url = new URL(scene.database.url);
    const target = { host: url.hostname, port: Number(url.port) };
    for (const service of ['chunker', 'processor', 'reporter'] as const) {
      if (!services.has(service)) {
        scene.start(service);
        continue;
      }
      const proxy = await startTcpProxy({ target });
      proxies.set(service, proxy);
      url.port = String(proxy.port);
      scene.start(service, { DATABASE_URL: url.href });
    }
  });
  afterAll(async () => {
    await scene.remove();
    for (const proxy of proxies.values()) await proxy.stop();
  });

  test.each(cases)(
    'that is cut when the $service stores $what, the $lost lost: every row is there once, the file moved once',
    async ({ service, what, meant, lost }) => {
      const proxy = proxies.get(service)!;
      let isDropped = false;
      const dropped = lost === 'request' ? proxy.dropNextRequest(meant()) : proxy.dropNextAnswer(meant());
      void dropped.then(() => (isDropped = true));
      const at = cases.findIndex((one) => one.what === what && one.lost === lost);
      await scene.drop(`${at + 10}.csv`, { accounts: 20, operations: 50, bad: 0.01, seed: 50 + at });
      await scene.until('the connection was cut', () => isDropped);
      await scene.untilEnded();
      await scene.expectAllOnce();
      const names = cases.slice(0, at + 1).map((_, n) => `${n + 10}.csv`);
      expect(await scene.place.list('processed')).toEqual(
        names.flatMap((name) => [name, `${name}.receipt.json`]),
      );
      expect(await scene.place.list('imports')).toEqual([]);
      expect(await scene.count('select count(*) from drops')).toBe(names.length);
    },
  );
}
