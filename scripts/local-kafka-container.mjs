// A broker in Docker, where there is no Java. The container is kept between a stop and a start, since it has the data.
import { execFile, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { guardContainer } from './local-kafka-guard.mjs';
import { brokerSettings, toContainerEnvironment } from './local-kafka-settings.mjs';

const exec = promisify(execFile);

const DAEMON_TIMEOUT_MS = 5_000;
const LAST_LINES = '20';

export function isDockerThere() {
  return spawnSync('docker', ['info'], { stdio: 'ignore', timeout: DAEMON_TIMEOUT_MS }).status === 0;
}

/** The secure listener is missing here: its key would have to be made with Java. */
export function makeContainerBroker({ version, folder, ports, heapMax, notify }) {
  // The folder's name is unique on this machine.
  const name = basename(folder).toLowerCase();
  const settings = brokerSettings({ ports, address: '0.0.0.0', data: '/tmp/passbook-kafka-data' });
  const listed = [ports.plain, ports.proxied].flatMap((port) => ['--publish', `127.0.0.1:${port}:${port}`]);
  const environment = [...toContainerEnvironment(settings), `KAFKA_HEAP_OPTS=-Xmx${heapMax}`];
  let release = null;

  async function start() {
    if (release) {
      await docker('start', name);
      return;
    }
    notify(`Starting Kafka ${version} in Docker (the first time it fetches the image) …`);
    release = guardContainer(name);
    const set = environment.flatMap((entry) => ['--env', entry]);
    await docker('run', '--detach', '--name', name, ...listed, ...set, `apache/kafka:${version}`);
  }

  async function isRunning() {
    return (await docker('inspect', '--format', '{{.State.Running}}', name)).trim() === 'true';
  }

  return {
    secure: null,
    log: null,
    start,
    isRunning,
    async kill() {
      if (!release || !(await isRunning())) return;
      await docker('kill', name);
      await docker('wait', name);
    },
    stop: async (graceMs) => {
      if (release) await docker('stop', '--time', String(Math.ceil(graceMs / 1000)), name);
    },
    lastLines: () => lastLines(name),
    async remove() {
      if (release) await docker('rm', '--force', '--volumes', name);
      release?.();
      release = null;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function docker(...args) {
  const { stdout } = await exec('docker', args);
  return stdout;
}

function lastLines(name) {
  const { stdout, stderr } = spawnSync('docker', ['logs', '--tail', LAST_LINES, name], { encoding: 'utf8' });
  return `The last lines of its log:\n${stdout ?? ''}${stderr ?? ''}`;
}
