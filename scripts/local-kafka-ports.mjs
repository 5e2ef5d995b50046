import { createServer } from 'node:net';

/**
 * Below the range from which systems take the ports of outgoing connections (Linux: from 32768). A port of that range
 * may be taken while the broker is down, and then it cannot come back on it.
 */
const PORT_MIN = 15_000;
const PORT_MAX = 32_000;

/** Ports by their use; nothing listens on `advertised` until a proxy does. */
export async function chooseFreePorts() {
  const found = new Set();
  while (found.size < 5) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (await isFree(port)) found.add(port);
  }
  const [plain, controller, secure, proxied, advertised] = found;
  return { plain, controller, secure, proxied, advertised };
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
