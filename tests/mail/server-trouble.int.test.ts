import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestMailServer, until } from '@passbook/testing';
import { makeSenderTrial, withUrl, type SenderTrial } from './make-sender-trial.js';

/* A mail server that takes nothing from us, whatever the mail: nobody's mail is to blame. */

type Change = Partial<ReturnType<typeof withUrl>>;

let trial: SenderTrial;
beforeEach(async () => {
  trial = await makeSenderTrial();
});
afterEach(() => trial.remove());

describe('when the server takes nothing from us', () => {
  const cases: [string, () => Promise<Change>, RegExp][] = [
    ['its greeting is 554', () => refuse('greeting', 554), /554/],
    ['its greeting is 421', () => refuse('greeting', 421), /421/],
    ['it wants another sender', () => refuse('MAIL', 550), /550/],
    ['it asks who we are', () => refuse('RCPT', 530), /530/],
    ['it does not know the password', refusePassword, /535/],
    ['it is not there', () => Promise.resolve(withUrl('smtp://127.0.0.1:1')), /ECONNREFUSED/],
    [
      'its name is not known',
      () => Promise.resolve(withUrl('smtp://no.such.host.invalid')),
      /no\.such\.host/,
    ],
    ['it has no TLS', requireTls, /STARTTLS/],
    [
      'its certificate is not to be trusted',
      () => Promise.resolve(withUrl(`${trial.server.url}?tls=required`)),
      /certificate/,
    ],
    ['it drops TLS in the handshake', dropTls, /closed|disconnected|TLS/],
  ];
  const refuse = (at: string, code: number): Promise<Change> => {
    trial.server.answer((step, to) => (step === at ? { code, text: `not now, ${to}` } : undefined));
    return Promise.resolve({});
  };
  async function refusePassword(): Promise<Change> {
    await trial.replaceServer(
      startTestMailServer({
        onAuth: (_auth, _session, done) => done(Object.assign(new Error('no'), { responseCode: 535 })),
      }),
    );
    return withUrl(`smtp://user:secret@127.0.0.1:${trial.server.port}?tls=off`);
  }
  async function requireTls(): Promise<Change> {
    await trial.replaceServer(startTestMailServer({ disabledCommands: ['STARTTLS'] }));
    return withUrl(`${trial.server.url}?tls=required`);
  }
  let dropper: ReturnType<typeof startTlsDropper> | undefined;
  async function dropTls(): Promise<Change> {
    dropper = startTlsDropper();
    return withUrl(`smtp://127.0.0.1:${await dropper.port}?tls=required`);
  }
  afterEach(() => {
    dropper?.stop();
    dropper = undefined;
  });

  test.each(cases)(
    'because %s, no mail is to blame: all wait, and the reason is told',
    async (_what, make, reason) => {
      await trial.makeDue(60);
      const sender = trial.start(await make());
      const told = await until('there is trouble', () => sender.findTrouble());
      expect(told).toMatch(reason);
      expect(told).not.toMatch(/secret|holder-/);
      await until('it is told of the mails, too', async () =>
        (await trial.readRows()).some(({ reply }) => reply !== null && reason.test(reply)),
      );
      await sender.stop();
      expect(Object.keys(await trial.settled('due', 'deferred'))).toContain('due');
      expect(trial.server.accepted).toEqual([]);
    },
  );

  test('and takes them later, they are sent, each once', async () => {
    await trial.makeDue(30);
    await refuse('greeting', 421);
    const sender = trial.start();
    await until('there is trouble', () => sender.findTrouble());
    trial.server.answer(() => undefined);
    expect(await trial.settled('sent')).toEqual({ sent: 30 });
    expect(sender.findTrouble()).toBe(null);
    await trial.expectSentOnce(30);
  });
});

/** Speaks SMTP as far as STARTTLS, and hangs up instead of shaking hands. */
function startTlsDropper(): { port: Promise<number>; stop: () => void } {
  const sockets = new Set<Socket>();
  const dropping = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write('220 mail\r\n');
    socket.on('data', (bytes) => {
      const line = bytes.toString('latin1');
      if (line.startsWith('EHLO')) socket.write('250-mail\r\n250 STARTTLS\r\n');
      else if (line.startsWith('STARTTLS')) socket.write('220 go on\r\n');
      else socket.destroy();
    });
  });
  const port = new Promise<number>((resolve) =>
    dropping.listen(0, '127.0.0.1', () => resolve((dropping.address() as AddressInfo).port)),
  );
  return {
    port,
    stop: () => {
      dropping.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
