/*
 * Where no key is needed, whoever can reach the address is let in; and every page that somebody on this machine looks at can
 * reach 127.0.0.1 through the browser. Three things keep such pages out: a body must be application/json, which a browser
 * sends to another origin only after a question that is never answered; the origin must be our own; and the name by which we
 * are called must be one that no stranger can point at this machine (DNS rebinding).
 */

/** Names of this machine. */
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;

/** A number, or a name without a dot, such as that of a container: no domain of others. */
const local = /^(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\]|[a-z0-9_-]+)$/i;

interface Request {
  method: string;
  headers: { host?: string | undefined; origin?: string | undefined; 'sec-fetch-site'?: unknown };
}

/** Why a request without a key is not served: a sentence with the way out. Null when it is. */
export function findForeign(request: Request, door: { isLoopback: boolean }): string | null {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  const name = host.replace(/:\d+$/, '');
  const allowed = door.isLoopback ? loopback : local;
  if ((door.isLoopback || !isReading) && !allowed.test(name))
    return `It was sent to a host ${JSON.stringify(name)}; without keys only ${door.isLoopback ? 'localhost' : 'an address or a name without dots'} is served. Set API_KEYS to be called by other names.`;
  if (isReading) return null;
  if (origin !== undefined && origin.replace(/^https?:\/\//, '') !== host)
    return `It comes from a page of ${JSON.stringify(origin)}; only pages of this server may send it without a key.`;
  if (site === 'cross-site' || site === 'same-site')
    return 'It comes from a page of another origin; only pages of this server may send it without a key.';
  return null;
}
