import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether these bytes are meant; `connection` is the same for all bytes of one. */
export type IsMeant = (request: Buffer, connection: object) => boolean;

/** A network between a client and its server that fails on command. */
export interface TcpProxy {
  port: number;
  /** Bytes that passed, of all connections. */
  bytes: { toTarget: number; toClient: number };
  /** Destroys all connections; new ones are accepted. */
  cut(): void;
  /** Destroys all connections; new ones are refused. */
  refuse(): void;
  /** Ends `refuse`: listens again on the same port. */
  accept(): Promise<void>;
  /** Connections stay open, and no byte passes either way. */
  stall(): void;
  /** Ends `stall`: what waited passes now. */
  resume(): void;
  /** Each piece of bytes waits so long before it passes; 0 ends it. */
  delay(ms: number): void;
  /** Ends the sending side towards the target on all connections; answers still pass. */
  halfClose(): void;
  /**
   * Lets the next bytes to the target pass that `after` accepts (without it: the next), swallows what the target sends
   * next on that connection, and destroys the connection. With several requests under way, that may be the answer to
   * an earlier one.
   * @returns when it happened
   */
  dropNextAnswer(after?: IsMeant): Promise<void>;
  /**
   * Swallows the next bytes to the target that `before` accepts, and destroys the connection: the target never gets them.
   * @returns when it happened
   */
  dropNextRequest(before: IsMeant): Promise<void>;
  /** What `dropNext…` still waits for will not happen. */
  forgetDrops(): void;
  /** Destroys all connections and stops listening; may be called twice. */
  stop(): Promise<void>;
}

interface Connection {
  client: Socket;
  toTarget: Transform;
  upstream: Socket;
  /** Set when the next answer is to be swallowed. */
  swallow: (() => void) | null;
}

interface Drop {
  isMeant: IsMeant;
  /** Which of the two does not arrive. */
  what: 'request' | 'answer';
  happened: () => void;
}

/** What all connections of a proxy have in common. */
interface Weather {
  /** Pending while the proxy is stalled. */
  open: Promise<void>;
  delayMs: number;
  drops: Drop[];
  bytes: { toTarget: number; toClient: number };
  connections: Set<Connection>;
}

/** Listens on 127.0.0.1 (port 0: a free one) and passes all to the target. */
export async function startTcpProxy(options: {
  port?: number;
  target: { host: string; port: number };
}): Promise<TcpProxy> {
  const weather: Weather = {
    open: Promise.resolve(),
    delayMs: 0,
    drops: [],
    bytes: { toTarget: 0, toClient: 0 },
    connections: new Set(),
  };
  let endStall = () => {};
  const listen = (port: number) => listenOn(port, (client) => join(client, options.target, weather));
  let server: Server | null = await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const cut = () => weather.connections.forEach(destroy);

  return {
    port,
    bytes: weather.bytes,
    cut,
    refuse() {
      server?.close();
      server = null;
      cut();
    },
    async accept() {
      server ??= await listen(port);
    },
    stall() {
      endStall();
      weather.open = new Promise((resolve) => (endStall = resolve));
    },
    resume: () => endStall(),
    delay(ms) {
      weather.delayMs = ms;
    },
    halfClose: () => weather.connections.forEach(endTowardsTarget),
    dropNextAnswer: (after = () => true) =>
      new Promise((happened) => weather.drops.push({ isMeant: after, what: 'answer', happened })),
    dropNextRequest: (before) =>
      new Promise((happened) => weather.drops.push({ isMeant: before, what: 'request', happened })),
    forgetDrops: () => void weather.drops.splice(0),
    async stop() {
      const closed = server && new Promise((resolve) => server!.close(resolve));
      server = null;
      cut();
      await closed;
    },
  };
}

function listenOn(port: number, take: (client: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, take);
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => resolve(server));
  });
}

/** Joins both sides of a connection, each way through a gate; the end of one side is passed on as an end. */
function join(client: Socket, target: { host: string; port: number }, weather: Weather): void {
  const upstream = connect({ ...target, allowHalfOpen: true });
  const toTarget = makeGate(weather, (request) => passRequest(request, connection, weather));
  const toClient = makeGate(weather, (answer) => passAnswer(answer, connection, weather));
  const connection: Connection = { client, toTarget, upstream, swallow: null };
  weather.connections.add(connection);
  for (const socket of [client, upstream]) {
    socket.setNoDelay(true);
    socket.once('error', () => destroy(connection));
    socket.once('close', () => {
      if (client.destroyed && upstream.destroyed) weather.connections.delete(connection);
    });
  }
  client.pipe(toTarget).pipe(upstream);
  upstream.pipe(toClient).pipe(client);
}

/** Passes what `takes` accepts, when the weather lets it. It holds no more than a stream's buffer: then the sender waits. */
function makeGate(weather: Weather, takes: (piece: Buffer) => boolean): Transform {
  const whenPassing = async () => {
    if (weather.delayMs > 0) await sleep(weather.delayMs);
    let waitedFor: Promise<void> | null = null;
    // Again, if it stalled again meanwhile.
    while (waitedFor !== weather.open) {
      waitedFor = weather.open;
      await waitedFor;
    }
  };
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      void whenPassing().then(() => (takes(piece) ? done(null, piece) : done()));
    },
    flush(done) {
      void whenPassing().then(() => done());
    },
  });
}

function passRequest(request: Buffer, connection: Connection, weather: Weather): boolean {
  if (connection.upstream.destroyed) return false;
  const at = weather.drops.findIndex((drop) => drop.isMeant(request, connection));
  const drop = at < 0 ? null : weather.drops.splice(at, 1)[0]!;
  if (drop?.what === 'request') {
    destroy(connection);
    drop.happened();
    return false;
  }
  weather.bytes.toTarget += request.length;
  if (drop) connection.swallow = drop.happened;
  return true;
}

function passAnswer(answer: Buffer, connection: Connection, weather: Weather): boolean {
  if (connection.client.destroyed) return false;
  if (connection.swallow) {
    destroy(connection);
    connection.swallow();
    return false;
  }
  weather.bytes.toClient += answer.length;
  return true;
}

function endTowardsTarget({ client, toTarget, upstream }: Connection): void {
  client.unpipe(toTarget);
  toTarget.unpipe(upstream);
  // What the client still sends is read and thrown away.
  client.resume();
  upstream.end();
}

function destroy({ client, upstream }: Connection): void {
  client.destroy();
  upstream.destroy();
}
