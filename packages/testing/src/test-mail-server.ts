import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** Where in a session a mail server is asked what it says. `end`: the final dot. */
export type MailStep = 'greeting' | 'MAIL' | 'RCPT' | 'end';

/**
 * What it says: nothing special, a reply with a code, or no reply: it hangs, or closes the connection. At the end of a mail it
 * may have accepted it nevertheless.
 */
export type MailReply =
  undefined | { code: number; text?: string } | 'hang' | 'close' | 'accept and hang' | 'accept and close';

/** A mail that the server has taken over: from then on it is the server's to deliver. */
export interface AcceptedMail {
  messageId: string;
  to: string;
  bytes: Buffer;
}

export interface TestMailServer {
  port: number;
  /** For SMTP_URL. */
  url: string;
  accepted: AcceptedMail[];
  /** How many connections there were. */
  connections(): number;
  /** From now on each step is answered by it. @param to whom the mail goes, where that is known */
  answer(script: (step: MailStep, to: string | null) => MailReply | Promise<MailReply>): void;
  stop(): Promise<void>;
}

/** A real mail server in this process, on a port of its own, that says what a test wants it to say. */
export async function startTestMailServer(
  options: Pick<SMTPServerOptions, 'onAuth' | 'disabledCommands'> & { port?: number } = {},
): Promise<TestMailServer> {
  const accepted: AcceptedMail[] = [];
  let script: Parameters<TestMailServer['answer']>[0] = () => undefined;
  let connections = 0;
  const server: SMTPServer = new SMTPServer({
    ...options,
    logger: false,
    disableReverseLookup: true,
    authOptional: true,
    allowInsecureAuth: true,
    closeTimeout: 50,
    onConnect: (session, done) => {
      connections += 1;
      void say('greeting', null, session.id, done);
    },
    onMailFrom: (_address, session, done) => void say('MAIL', null, session.id, done),
    onRcptTo: ({ address }, session, done) => void say('RCPT', address, session.id, done),
    onData(stream, session, done) {
      const to = session.envelope.rcptTo[0]!.address;
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const messageId = /^Message-ID:\s*<(.*)>$/im.exec(bytes.toString('latin1'))?.[1] ?? 'none';
        void say('end', to, session.id, done, () => accepted.push({ messageId, to, bytes }));
      });
    },
  });
  async function say(
    step: MailStep,
    to: string | null,
    sessionId: string,
    done: (err?: Error | null) => void,
    accept = (): unknown => undefined,
  ): Promise<void> {
    const reply = await script(step, to);
    if (typeof reply === 'object') {
      return done(Object.assign(new Error(reply.text ?? 'as the test says'), { responseCode: reply.code }));
    }
    if (reply === undefined || reply.startsWith('accept')) accept();
    if (reply === undefined) return done();
    if (reply.endsWith('close')) cut(sessionId);
  }
  function cut(sessionId: string): void {
    for (const one of server.connections as Set<{ id: string; _socket: { destroy(): void } }>)
      if (one.id === sessionId) one._socket.destroy();
  }
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    accepted,
    connections: () => connections,
    answer(next) {
      script = next;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
