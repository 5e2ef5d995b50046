// A broker run from jars. Its folder holds the settings, the key of the secure listener, the log, and the data.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { guardProcess } from './local-kafka-guard.mjs';
import { isKeytoolThere } from './local-kafka-jars.mjs';
import { brokerSettings, secureSettings, toProperties } from './local-kafka-settings.mjs';

const exec = promisify(execFile);

/** A broker lives for minutes: what the compiler of long-lived servers gains is lost before it is won. */
const JAVA_OPTIONS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const KEYTOOL_OPTIONS = JAVA_OPTIONS.map((option) => `-J${option}`);
const LOG_OPTIONS = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
];
const CERTIFICATE_DAYS = '30';
const LAST_LINES = 20;

/** Makes the folder ready for `start()`. */
export async function makeJavaBroker({ jars, folder, ports, heapMax }) {
  const java = [...JAVA_OPTIONS, ...LOG_OPTIONS, '-cp', join(jars, '*')];
  const log = join(folder, 'broker.log');
  const settings = join(folder, 'server.properties');
  const user = { username: `user-${randomText(4)}`, password: randomText(16) };
  const key = isKeytoolThere() ? { store: join(folder, 'listener.p12'), password: randomText(16) } : null;

  const properties = {
    ...brokerSettings({ ports, address: '127.0.0.1', data: join(folder, 'data') }),
    ...(key ? secureSettings({ ports, key, user }) : {}),
  };
  writeFileSync(settings, toProperties(properties), { mode: 0o600 });
  const [ca] = await Promise.all([key && makeCertificate(key), format(java, settings, user)]);
  const secure = key && { brokers: `127.0.0.1:${ports.secure}`, ca, ...user };
  return {
    secure,
    log,
    lastLines: () => lastLines(log),
    ...makeProcess(folder, log, [...java, `-Xmx${heapMax}`, 'kafka.Kafka', settings]),
  };
}

function makeProcess(folder, log, args) {
  let running = null;

  function start() {
    if (running) return;
    const file = openSync(log, 'a');
    // Detached: Ctrl-C on the terminal is for us, who end the broker when the tests are done with it.
    const child = spawn('java', args, { cwd: folder, detached: true, stdio: ['ignore', file, file] });
    closeSync(file);
    const release = guardProcess(child.pid, folder);
    const exited = new Promise((resolve) => {
      const end = () => {
        release();
        running = null;
        resolve();
      };
      child.once('exit', end);
      child.once('error', end);
    });
    running = { child, exited };
  }

  async function end(signal, graceMs) {
    if (!running) return;
    const { child, exited } = running;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(timer);
  }

  return {
    start,
    isRunning: () => running !== null,
    kill: () => end('SIGKILL', 1_000),
    stop: (graceMs) => end('SIGTERM', graceMs),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A key for the secure listener. @returns its certificate, which clients trust */
async function makeCertificate({ store, password }) {
  const common = ['-alias', 'kafka', '-storetype', 'PKCS12', '-keystore', store, '-storepass', password];
  const pair = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', CERTIFICATE_DAYS];
  const name = ['-dname', 'CN=localhost', '-ext', 'SAN=ip:127.0.0.1,dns:localhost'];
  await exec('keytool', [...KEYTOOL_OPTIONS, '-genkeypair', ...common, ...pair, ...name]);
  const { stdout } = await exec('keytool', [...KEYTOOL_OPTIONS, '-exportcert', '-rfc', ...common]);
  return stdout;
}

/** Begins the data, with the user in it: the SCRAM mechanisms look users up there. */
async function format(java, settings, { username, password }) {
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${username},password=${password}]`,
  ]);
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, '_');
  await exec('java', [
    ...java,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    clusterId,
    '-c',
    settings,
    ...users,
  ]);
}

function lastLines(log) {
  const text = existsSync(log) ? readFileSync(log, 'utf8').trimEnd() : '';
  if (text === '') return 'Its log is empty.';
  return `The last lines of its log:\n${text.split('\n').slice(-LAST_LINES).join('\n')}`;
}

function randomText(bytes) {
  return randomBytes(bytes).toString('hex');
}
