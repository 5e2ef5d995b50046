import { Readable } from 'node:stream';
import { domainToASCII } from 'node:url';
import type { SmtpServer } from '@passbook/runtime';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { AttemptLimits } from './attempt-limits.js';
import type { AttemptEnd, MailCommand } from './attempt-rules.js';

/*
 * One connection to the mail server, by nodemailer's SMTPConnection: the level at which it is seen how far a mail got. It
 * reads a mail only when the server has said that it may come, and the final dot follows the end of what it reads. So a
 * mail whose end was not read cannot have been accepted; of one whose end was read nobody knows, unless a reply came.
 * It sends nothing again by itself: that is done by nodemailer's pool, which is not used.
 */

/** The server does not let us come to a mail: it is away, refuses us, or TLS fails. */
export class MailServerError extends Error {
  override readonly name = 'MailServerError';
}

export interface SmtpSession {
  /** Mails that it carried. */
  mailsSent(): number;
  isOpen(): boolean;
  /** @param elapsedMs since the attempt was stored as begun @throws nothing: what goes wrong is the end of the attempt */
  send(
    envelope: { from: string; to: string },
    mail: Buffer,
    elapsedMs: () => number,
  ): Promise<AttemptEnd & { hasBegun: boolean }>;
  /** Says goodbye. */
  close(): void;
  /** Cuts the connection. A mail that is being sent ends as lost. */
  destroy(): void;
}

/** nodemailer's errors, as far as we look at them. */
type SmtpError = Error & { code?: string; command?: string; response?: string; responseCode?: number };

/** @param signal nobody waits for it any longer @throws MailServerError */
export async function openSmtpSession(
  server: SmtpServer,
  limits: AttemptLimits,
  signal: AbortSignal,
): Promise<SmtpSession> {
  const connection = new SMTPConnection(optionsOf(server, limits));
  const steps = watchSteps(connection);
  const close = (): void => connection.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    if (signal.aborted) throw new Error('Stopped.');
    await steps.run<undefined>((done) => connection.connect((err) => done(err ?? null, undefined)));
    if (server.login) await logIn(connection, server.login, steps);
  } catch (err) {
    connection.close();
    throw new MailServerError(explain(err as SmtpError), { cause: err });
  } finally {
    signal.removeEventListener('abort', close);
  }
  let mailsSent = 0;
  return {
    mailsSent: () => mailsSent,
    isOpen: () => !steps.isEnded(),
    async send(envelope, mail, elapsedMs) {
      const source = makeSource(mail, () => elapsedMs() < limits.beforeDataMs);
      const timer = setTimeout(() => connection.close(), Math.max(0, limits.wholeMs - elapsedMs()));
      let end: AttemptEnd;
      try {
        const to = {
          from: asciiAddress(envelope.from),
          to: [asciiAddress(envelope.to)],
          size: mail.length,
        };
        const response = await steps.run<string>((done) =>
          connection.send(to, source.stream, (err, info) => done(err, info?.response ?? '')),
        );
        mailsSent += 1;
        end = source.isWhole()
          ? { kind: 'accepted', reply: response }
          : { kind: 'lost', isWhole: true, reason: `Accepted before its end: ${response}` };
      } catch (err) {
        end = classify(err as SmtpError, source);
      } finally {
        clearTimeout(timer);
      }
      if (end.kind !== 'accepted') await makeReady(source);
      return { ...end, hasBegun: source.hasBegun() };
    },
    close: () => (steps.isEnded() ? undefined : connection.quit()),
    destroy: () => connection.close(),
  };

  /** A refused mail has to be out of the way before the next; a mail that stopped in its middle never is. */
  async function makeReady(source: Source): Promise<void> {
    if (steps.isEnded()) return;
    if (source.hasBegun() && !source.isWhole()) return connection.close();
    await steps.run((done) => connection.reset(done)).catch(() => connection.close());
  }
}

function optionsOf(server: SmtpServer, limits: AttemptLimits): SMTPConnection.Options {
  return {
    host: server.host,
    port: server.port,
    secure: server.tls === 'at once',
    requireTLS: server.tls === 'required',
    ignoreTLS: server.tls === 'off',
    opportunisticTLS: server.tls === 'opportunistic',
    // Whoever encrypts only if it can does not ask with whom.
    ...(server.tls === 'opportunistic' && { tls: { rejectUnauthorized: false } }),
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.connectMs,
    dnsTimeout: limits.connectMs,
    socketTimeout: limits.silenceMs,
  };
}

interface Steps {
  /** Runs one step of a session. @throws its error, or that of the connection, which ends whatever waits */
  run<T>(step: (done: (err: Error | null, result?: T) => void) => void): Promise<T>;
  isEnded(): boolean;
}

/** A connection that ends does not always tell the one who waits for an answer (nodemailer #851): we do. */
function watchSteps(connection: SMTPConnection): Steps {
  let isEnded = false;
  let fail: ((err: Error) => void) | null = null;
  connection.on('error', (err: Error) => fail?.(err));
  connection.on('end', () => {
    isEnded = true;
    // The step itself may be told why in the same turn.
    setImmediate(() => fail?.(new Error('The connection was closed.')));
  });
  return {
    run: (step) =>
      new Promise((resolve, reject) => {
        fail = reject;
        step((err, result) => (err ? reject(err) : resolve(result!)));
      }),
    isEnded: () => isEnded,
  };
}

async function logIn(
  connection: SMTPConnection,
  { user, password }: NonNullable<SmtpServer['login']>,
  steps: Steps,
): Promise<void> {
  // Without this nodemailer would send the password over a connection that could not be encrypted.
  if (!connection.allowsAuth) throw new Error('The server offers no login.');
  await steps.run((done) => connection.login({ user, pass: password }, done));
}

/** A mail that is read when the server waits for it. */
interface Source {
  stream: Readable;
  /** Whether any of it was read. */
  hasBegun(): boolean;
  /** Whether its end was read: from then on the final dot may be on its way. */
  isWhole(): boolean;
}

/** @param mayBegin asked when the server waits for the mail: if not, nothing of it is read */
function makeSource(mail: Buffer, mayBegin: () => boolean): Source {
  let hasBegun = false;
  let isWhole = false;
  const stream = new Readable({
    read() {
      if (hasBegun) {
        isWhole = true;
        this.push(null);
      } else if (mayBegin()) {
        hasBegun = true;
        this.push(mail);
      } else {
        this.destroy(new Error('The server took so long that the mail was not begun.'));
      }
    },
  });
  return { stream, hasBegun: () => hasBegun, isWhole: () => isWhole };
}

const commands: Readonly<Record<string, MailCommand>> = {
  'MAIL FROM': 'MAIL',
  'RCPT TO': 'RCPT',
  DATA: 'DATA',
};

/** What nodemailer refuses by itself, as the server would. */
const ownCodes: Readonly<Record<string, number>> = { EENVELOPE: 553, EMESSAGE: 552 };

function classify(err: SmtpError, source: Source): AttemptEnd {
  const command = commands[err.command ?? ''];
  if (command && err.responseCode !== undefined && err.response !== undefined) {
    const isOfMail = command === 'DATA' && source.hasBegun();
    return {
      kind: 'refused',
      command: isOfMail ? 'end' : command,
      code: err.responseCode,
      reply: err.response,
    };
  }
  const ownCode = ownCodes[err.code ?? ''];
  if (ownCode !== undefined && !source.hasBegun())
    return { kind: 'refused', command: 'RCPT', code: ownCode, reply: err.message };
  return { kind: 'lost', isWhole: source.isWhole(), reason: explain(err) };
}

/** With the answer of the server, if it gave one: nodemailer has it in the message. */
const explain = (err: SmtpError): string => err.message || String(err.code);

/** Its domain in ASCII: most servers take no other. */
function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + domainToASCII(address.slice(at));
}
