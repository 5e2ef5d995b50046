// Loaded into a process of the product by NODE_OPTIONS=--import: for tests, which the product knows nothing of.
//
// It stands between the product and what it does to the world: files, Postgres, Kafka. Each operation gets a name, such as
// `link imports/.claimed/… -> processed/small.csv`, and is written to a log before it begins and when it has ended. Those
// that change something are counted by their names (so that the third `commit` is the third one, whatever else goes on at
// the same time), from the first that matches TEST_BEGIN: what a start does is tested elsewhere.
//
// TEST_OPERATIONS=FILE                  the log: `3 > commit`, then `3 < commit`; 0 for those that are not counted
// TEST_BEGIN=PATTERN                    the operation from which is counted
// TEST_KILL_AT=before:SIGKILL:3:commit  the process gets the signal right before, or right `after`, its third `commit`
// TEST_PAUSE_AT=PATTERN=>FILE           the first operation that matches waits until there is that file
// TEST_FULL=PATTERN=>FILE               operations that match find the disk full, as long as there is that file
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { relative } from 'node:path';

const { TEST_OPERATIONS, TEST_BEGIN = '', TEST_KILL_AT, TEST_PAUSE_AT, TEST_FULL, INIT_CWD } = process.env;
const { appendFileSync, existsSync } = fs;
const PAUSE_LOOK_MS = 10;

const begin = new RegExp(TEST_BEGIN);
const kill = readKill(TEST_KILL_AT);
const pause = readPattern(TEST_PAUSE_AT);
const full = readPattern(TEST_FULL);
let isBegun = false;
const counts = new Map();

function readKill(text) {
  if (!text) return null;
  const [side, signal, nth, ...name] = text.split(':');
  return { side, signal, nth: Number(nth), name: name.join(':') };
}

function readPattern(text) {
  if (!text) return null;
  const [pattern, file] = text.split('=>');
  return { pattern: new RegExp(pattern), file };
}

/** What comes before an operation. @returns how many of its name there were, and a pause if it is to wait */
function enter(name, isStep) {
  isBegun ||= begin.test(name);
  const nth = isBegun && isStep ? (counts.get(name) ?? 0) + 1 : 0;
  if (nth > 0) counts.set(name, nth);
  tell(`${nth} > ${name}`);
  die(nth, name, 'before');
  if (!pause?.pattern.test(name)) return { nth, paused: null };
  const { file } = pause;
  pause.pattern = /(?!)/;
  tell(`0 | ${name}`);
  return { nth, paused: untilThere(file) };
}

function leave(nth, name) {
  tell(`${nth} < ${name}`);
  die(nth, name, 'after');
}

function die(nth, name, side) {
  if (nth > 0 && nth === kill?.nth && side === kill.side && name === kill.name)
    process.kill(process.pid, kill.signal);
}

function tell(line) {
  if (TEST_OPERATIONS) appendFileSync(TEST_OPERATIONS, `${line}\n`);
}

function untilThere(file) {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!existsSync(file)) return;
      clearInterval(timer);
      resolve();
    }, PAUSE_LOOK_MS);
  });
}

/** As node tells it: the error of a path names it, that of an open file does not. */
function expectRoom(name, syscall, path, dest) {
  if (!full?.pattern.test(name) || !existsSync(full.file)) return;
  const where = path === undefined ? '' : dest === undefined ? ` '${path}'` : ` '${path}' -> '${dest}'`;
  const told = { errno: -28, code: 'ENOSPC', syscall, ...(path && { path }), ...(dest && { dest }) };
  throw Object.assign(new Error(`ENOSPC: no space left on device, ${syscall}${where}`), told);
}

/** What is made at random, or of the moment: the folder of a reconciliation has the digest of when its rows were loaded. */
const ofThisRun = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|(?<=reconciliation-\d{8}-)[0-9a-f]{8}/g;

/** A path as the user sees it; what is of this run is left out, so that two runs have the same names. */
function show(path) {
  return relative(INIT_CWD ?? '/', String(path)).replace(ofThisRun, '…');
}

async function perform(name, isStep, work) {
  const { nth, paused } = enter(name, isStep);
  await paused;
  try {
    return await work();
  } finally {
    leave(nth, name);
  }
}

// Files.

const pathOf = new WeakMap();
const { open } = promises;
promises.open = async (path, flags, ...rest) => {
  const isStep = typeof flags === 'string' && /[wa]/.test(flags);
  const name = `open ${show(path)}${isStep ? ` ${flags}` : ''}`;
  const handle = await perform(name, isStep, () => {
    if (isStep) expectRoom(name, 'open', path);
    return open(path, flags, ...rest);
  });
  pathOf.set(handle, show(path));
  return handle;
};
for (const method of ['link', 'rename', 'rm', 'unlink', 'mkdir', 'writeFile', 'copyFile']) {
  const original = promises[method];
  promises[method] = (path, ...rest) => {
    const dest = ['link', 'rename', 'copyFile'].includes(method) ? rest[0] : undefined;
    const name = `${method} ${show(path)}${dest === undefined ? '' : ` -> ${show(dest)}`}`;
    return perform(name, true, () => {
      if (method !== 'rm' && method !== 'unlink') expectRoom(name, method, path, dest);
      return original(path, ...rest);
    });
  };
}
syncBuiltinESMExports();

const sample = await open('/dev/null');
const FileHandle = Object.getPrototypeOf(sample);
await sample.close();
for (const method of ['read', 'write', 'writeFile', 'appendFile', 'sync', 'datasync']) {
  const original = FileHandle[method];
  FileHandle[method] = function (...rest) {
    const name = `${method} ${pathOf.get(this) ?? '?'}`;
    return perform(name, method !== 'read', () => {
      if (method !== 'read') expectRoom(name, /sync/.test(method) ? 'fsync' : 'write');
      return original.apply(this, rest);
    });
  };
}

// Files that are written at once: statements. The log of this file is written so as well, and is no step.

const { writeFileSync, renameSync } = fs;

function performAtOnce(name, work) {
  const { nth, paused } = enter(name, true);
  if (paused) throw new Error(`What is done at once cannot be made to wait: ${name}`);
  try {
    work();
  } finally {
    leave(nth, name);
  }
}

fs.writeFileSync = (path, text, options) => {
  if (options?.flag !== 'wx') return writeFileSync(path, text, options);
  const name = `writeFile ${show(path)}`;
  performAtOnce(name, () => {
    expectRoom(name, 'write');
    writeFileSync(path, text, options);
  });
};
fs.renameSync = (path, dest) => {
  const name = `rename ${show(path)} -> ${show(dest)}`;
  performAtOnce(name, () => {
    expectRoom(name, 'rename', path, dest);
    renameSync(path, dest);
  });
};
syncBuiltinESMExports();

// Postgres. A pool hands on statements with a callback, a transaction with a promise, COPY is a stream.

const require = createRequire(import.meta.url);
const { Client } = require('pg');
const { query } = Client.prototype;
Client.prototype.query = function (...args) {
  const [first] = args;
  const text = (typeof first === 'string' ? first : (first?.text ?? '')).replace(/\s+/g, ' ').trim();
  const name = text.slice(0, 80);
  const isStep = /\b(begin|commit|insert|update|delete|copy|create)\b/i.test(text);
  const { nth, paused } = enter(name, isStep);
  const done = () => leave(nth, name);
  if (typeof first?.submit === 'function') {
    first.once?.('finish', done);
    return query.apply(this, args);
  }
  const callback = args.at(-1);
  if (typeof callback === 'function') {
    args[args.length - 1] = (...result) => {
      done();
      callback(...result);
    };
    if (!paused) return query.apply(this, args);
    return void paused.then(() => query.apply(this, args));
  }
  const run = () => query.apply(this, args).finally(done);
  return paused ? paused.then(run) : run();
};

// Kafka.

/** Without the prefix of a test. */
const showTopic = (topic) => topic.split('.').slice(-2).join('.');

const { Kafka } = require('kafkajs');
const { producer, consumer } = Kafka.prototype;
Kafka.prototype.producer = function (...args) {
  const made = producer.apply(this, args);
  const { send } = made;
  made.send = (record) => perform(`send ${showTopic(record.topic)}`, true, () => send(record));
  return made;
};
Kafka.prototype.consumer = function (...args) {
  const made = consumer.apply(this, args);
  const { run } = made;
  made.run = (options) =>
    run({
      ...options,
      // Offsets are committed right after: a kill after the batch is one before the acknowledgement.
      eachBatch: (payload) =>
        perform(`receive ${showTopic(payload.batch.topic)}`, true, () => options.eachBatch(payload)),
    });
  return made;
};
