import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until, userEnvironment, type Closers } from '@passbook/testing';
import { callForSeconds, type Calling, type Measured } from './call-for-seconds.js';

const CREATED = 201;

/** A process that has just begun compiles its code: that is not what a service spends its days with. */
const WARM_UP_SECONDS = 3;

/** Transfers by requests to an API of its own that is warm, each caller on a connection that it keeps. */
export async function moveOverHttp(
  closers: Closers,
  root: string,
  databaseUrl: string,
  calling: Calling,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'passbook-bench-api-'));
  const child = spawn(process.execPath, [join(root, 'services/api/dist/main.js')], {
    env: { ...userEnvironment(folder), PASSBOOK_DIR: folder, DATABASE_URL: databaseUrl, HTTP_PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C on the terminal is for us, who end it.
    detached: true,
  });
  const ended = once(child, 'exit');
  closers.add(() => Promise.resolve(void child.kill('SIGKILL')));
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const agent = new Agent({ keepAlive: true, maxSockets: calling.callers });
  try {
    const url = await until('the api listens', () => {
      if (child.exitCode !== null) throw new Error(`The api has ended: ${told.slice(-600)}`);
      return /"url":"([^"]+)"/.exec(told)?.[1] ?? null;
    });
    const transfer = (from: number, to: number): Promise<void> =>
      postTransfer(agent, `${url}/v1/transfers`, {
        ...{ fromAccountId: String(from), toAccountId: String(to), amount: '0.01', currency: 'USD' },
      });
    await callForSeconds({ ...calling, seconds: WARM_UP_SECONDS }, transfer);
    return await callForSeconds(calling, transfer);
  } finally {
    agent.destroy();
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws when the answer is not that the transfer was posted */
function postTransfer(agent: Agent, url: string, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const asked = request(url, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.once('error', reject);
      answer.once('end', () =>
        answer.statusCode === CREATED ? resolve() : reject(new Error(`${answer.statusCode}: ${text}`)),
      );
    });
    asked.once('error', reject);
    asked.end(JSON.stringify(body));
  });
}
