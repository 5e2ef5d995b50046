import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';
import { until } from './until.js';

let echo: Server;
let echoed: Socket[];
let received: string;
let proxy: TcpProxy;
let clients: Socket[];

beforeEach(async () => {
  echoed = [];
  received = '';
  clients = [];
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    echoed.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => (received += bytes.toString()));
    socket.pipe(socket);
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: (echo.address() as AddressInfo).port } });
});

afterEach(async () => {
  for (const socket of [...clients, ...echoed]) socket.destroy();
  await proxy.stop();
  echo.close();
});

/** A client, what it has read so far, and whether its connection has ended or was broken. */
async function open() {
  const socket = connect({ host: '127.0.0.1', port: proxy.port });
  clients.push(socket);
  const client = { socket, read: '', closed: false };
  socket.on('error', () => {});
  socket.on('close', () => (client.closed = true));
  socket.on('data', (bytes) => (client.read += bytes.toString()));
  await once(socket, 'connect');
  return client;
}

/** Rounds of talk past the proxy: what it let pass would have arrived by then. */
async function talkDirectly() {
  const socket = connect({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
  clients.push(socket);
  for (let round = 0; round < 50; round++) {
    socket.write('.');
    await once(socket, 'data');
  }
}

/** Says something and waits for the echo: now both sides are joined. */
async function greet(client: Awaited<ReturnType<typeof open>>) {
  client.socket.write('hello');
  await until('the greeting is echoed', () => client.read.endsWith('hello'));
}

describe('startTcpProxy', () => {
  test('passes all bytes both ways, in order and counted', async () => {
    const client = await open();
    const text = Array.from({ length: 200_000 }, (_, at) => `${at},`).join('');
    client.socket.end(text);
    await until('the connection has ended', () => client.closed);
    expect(client.read === text).toBe(true);
    expect(proxy.bytes).toEqual({ toTarget: text.length, toClient: text.length });
  });

  test('cut breaks what is open, and the next connection works', async () => {
    const client = await open();
    await greet(client);
    proxy.cut();
    await until('the client is cut off', () => client.closed);
    await until('the target is cut off', () => echoed[0]!.closed);
    await greet(await open());
  });

  test('refuse breaks what is open and refuses the next, until accept', async () => {
    const client = await open();
    await greet(client);
    proxy.refuse();
    await until('the client is cut off', () => client.closed);
    await expect(open()).rejects.toThrow('ECONNREFUSED');
    await proxy.accept();
    await greet(await open());
  });

  test('stall lets no byte pass and breaks nothing; resume passes what waited', async () => {
    const client = await open();
    await greet(client);
    proxy.stall();
    client.socket.write('later');
    await until('the bytes have left the client', () => client.socket.writableLength === 0);
    await talkDirectly();
    expect(received.replaceAll('.', '')).toBe('hello');
    expect(client.closed).toBe(false);
    proxy.resume();
    await until('what waited is echoed', () => client.read === 'hellolater');
  });

  test('while stalled, a sender is made to wait: nothing is piled up', async () => {
    const client = await open();
    proxy.stall();
    const piece = Buffer.alloc(1_000_000);
    const written = () => client.socket.bytesWritten - client.socket.writableLength;
    for (let at = 0; at < 40; at++) client.socket.write(piece);
    let before = -1;
    await until('the sender waits', async () => {
      const isSame = written() === before;
      before = written();
      await talkDirectly();
      return isSame && before > 0;
    });
    expect(written()).toBeLessThan(20_000_000);
    proxy.resume();
    await until('all of it passes', () => proxy.bytes.toTarget === 40_000_000);
  });

  test('delay holds each piece back', async () => {
    const client = await open();
    await greet(client);
    proxy.delay(150);
    const start = performance.now();
    client.socket.write('hello');
    await until('the second greeting is echoed', () => client.read === 'hellohello');
    expect(performance.now() - start).toBeGreaterThanOrEqual(295);
  });

  test('halfClose ends the way to the target, and what the target sent before still arrives', async () => {
    const client = await open();
    await greet(client);
    proxy.halfClose();
    client.socket.write('lost');
    await until('the echo ends as well', () => client.socket.readableEnded);
    expect(received).toBe('hello');
    expect(client.read).toBe('hello');
  });

  test('dropNextAnswer swallows the answer to the request that is meant, and no other', async () => {
    const client = await open();
    const dropped = proxy.dropNextAnswer((request) => request.includes('commit'));
    await greet(client);
    client.socket.write('commit');
    await dropped;
    await until('the client is cut off', () => client.closed);
    expect(client.read).toBe('hello');
    expect(received).toBe('hellocommit');
    await greet(await open());
  });

  test('dropNextRequest lets what comes before it pass, and the request that is meant never arrives', async () => {
    const client = await open();
    const dropped = proxy.dropNextRequest((request) => request.includes('commit'));
    await greet(client);
    client.socket.write('commit');
    await dropped;
    await until('the client is cut off', () => client.closed);
    await until('the target is cut off', () => echoed[0]!.closed);
    expect(received).toBe('hello');
    await greet(await open());
  });

  test('a target that is not there breaks the connection', async () => {
    echo.close();
    for (const socket of echoed) socket.destroy();
    const client = await open();
    await until('the client is cut off', () => client.closed);
  });

  test('stop may be called twice', async () => {
    await greet(await open());
    await proxy.stop();
    await proxy.stop();
  });
});
