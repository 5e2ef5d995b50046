import { readdir, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { checkRun, type Figures } from '@passbook/checker';
import { IMPORTS_CHUNKED, REPORTS_DUE } from '@passbook/contracts';
import { openDatabase, type Database } from '@passbook/database';
import { until, makeRandom, type Random } from '@passbook/testing';
import { makeDropper } from './drop-files.js';
import { calm, faults, hashOf, type World } from './faults.js';
import { makeInputs } from './make-inputs.js';
import { readRepairs } from './read-repairs.js';
import type { Servers } from './servers.js';
import { makeServices } from './services.js';
import { runUndisturbed } from './run-undisturbed.js';
import { watchProcessed } from './watch-processed.js';
import { watchWork } from './watch-work.js';
import { ACCOUNT_NUMBER_KEY, layGround, writeText, type Ground } from './ground.js';

/** Faults that one seed meets. */
const FAULTS_PER_SEED = 8;

/** Of the rows of a seed a window holds that part: so a file has several, and repeats lie in different ones. */
const WINDOW_SHARE = 1 / 20;

/** A chunker that dies while it copies leaves the copy for an hour; so does one that cannot know whether it is needed. */
const leavesCopies = /^(chunker-killed|commits-unknown|sessions-terminated|postgres-.*)$/;

export interface SeedPlan {
  seed: number;
  rows: number;
  /** Only these faults; null: drawn by the seed. */
  faults: readonly string[] | null;
  /** The folder whose services are run. */
  root: string;
  /** The folder of the product as it is: it runs undisturbed. */
  original: string;
  keep: boolean;
  /** All must be done so long after the last fault. */
  quietMs: number;
}

export interface SeedResult {
  /** None: every row is where it must be. */
  findings: string[];
  /** Those in brackets happened while nobody was at work. */
  met: string[];
  figures: Figures | null;
  /** Chunks that were taken from Kafka before they were handled, and how often chunks were made again. */
  lost: number;
  repairs: number;
  moves: { moves: number; asked: number };
  /** Where it was run, if that was kept. */
  path: string;
}

/** One run: files are dropped, faults happen, then it is quiet, and all is judged. */
export async function runSeed(servers: Servers, plan: SeedPlan): Promise<SeedResult> {
  const random = makeRandom(plan.seed);
  const ground = await layGround('proof', Math.max(100, Math.floor(plan.rows * WINDOW_SHARE)));
  const databaseName = `proof_${plan.seed}_${Date.now()}`;
  const prefix = `${databaseName}.`;
  await servers.postgres.create(databaseName);
  const services = makeServices({
    root: plan.root,
    folder: ground.path,
    environment: {
      ...ground.environment,
      DATABASE_URL: servers.postgres.url(databaseName),
      KAFKA_BROKERS: servers.kafka.brokers,
      KAFKA_PREFIX: prefix,
    },
  });
  servers.closers.add(async () => {
    await services.remove();
    if (!plan.keep) await rm(ground.path, { recursive: true, force: true });
  });
  const world: World = { ...servers, services, databaseName, prefix, random, foreign: new Set(), lost: 0 };
  const watch = watchProcessed(ground.folders.processed, servers.postgres.directUrl(databaseName));
  try {
    const result = await disturb(world, ground, plan);
    await watch.stop();
    return { ...result, moves: watch.seen(), findings: [...result.findings, ...watch.findings()] };
  } finally {
    await calm(world);
    await services.remove();
    await watch.stop();
    if (!plan.keep) {
      await servers.postgres.drop(databaseName);
      await rm(ground.path, { recursive: true, force: true });
    }
  }
}

async function disturb(world: World, ground: Ground, plan: SeedPlan): Promise<Omit<SeedResult, 'moves'>> {
  const { services, postgres, random } = world;
  const steps = await makeInputs(ground.kept, plan.seed, plan.rows, random);
  const dropper = makeDropper(ground.folders.imports, ground.kept);
  for (const name of ['chunker', 'processor', 'processor', 'reporter'] as const) services.start(name);
  if (random.next() < 0.5) services.start('chunker');
  const drawn = plan.faults ?? drawFaults(random);
  const met: string[] = [];
  const work = watchWork(postgres.directUrl(world.databaseName));
  try {
    for (const name of drawn) {
      // More faults than files: then the last ones meet what is left of the work.
      const step = steps.shift();
      if (step) dropper.drop(step);
      const isAtWork = await work.isAtWork(name.startsWith('reporter') ? 'reporter' : 'others');
      await pause(random.between(0, 700));
      await faults[name]!(world);
      met.push(isAtWork ? name : `(${name})`);
    }
  } finally {
    await work.close();
  }
  steps.forEach((step) => dropper.drop(step));
  await calm(world);
  const database = openDatabase({ url: postgres.directUrl(world.databaseName), applicationName: 'proof' });
  const findings: string[] = [];
  try {
    await until(
      'all is done after the last fault',
      async () => dropper.isSettled() && (await isDone(database, ground)),
      plan.quietMs,
    ).catch(async (err: Error) => findings.push(`${err.message} ${await describeRest(database)}`));
    await services.end();
    findings.push(...services.findings(), ...(await findForeign(database, world.foreign)));
  } finally {
    await database.close();
  }
  const dropped = dropper.dropped();
  const input = {
    databaseUrl: postgres.directUrl(world.databaseName),
    folders: ground.folders,
    dropped,
    mayLeaveTemporaries: drawn.some((name) => leavesCopies.test(name)),
    accountNumberKey: ACCOUNT_NUMBER_KEY,
    timeZone: 'UTC' as const,
    currency: 'USD' as const,
    texts: [...services.logs(), ...(await saveTopics(world, ground))],
  };
  const verdict = await checkRun(input);
  findings.push(...verdict.findings);
  // To compare what is wrong anyway would tell nothing new.
  if (findings.length === 0) {
    const undisturbed = await runUndisturbed(world, plan, dropped);
    findings.push(...undisturbed.findings.map((finding) => `Undisturbed: ${finding}`));
    if (undisturbed.ledgerHash !== verdict.ledgerHash)
      findings.push('The ledger is another than that of an undisturbed run.');
  }
  const repairs = await readRepairs(services.logs().map((log) => log.path));
  return { findings, met, figures: verdict.figures, lost: world.lost, repairs, path: ground.path };
}

/** Of all faults, each about as often as any other. */
function drawFaults(random: Random): string[] {
  return random.shuffle(Object.keys(faults)).slice(0, FAULTS_PER_SEED);
}

async function isDone(database: Database, ground: Ground): Promise<boolean> {
  if ((await readdir(ground.folders.imports)).some((name) => !name.startsWith('.'))) return false;
  const { rows } = await database.query<{ open: boolean }>(
    `select exists (select 1 from drops where state <> 'done') or exists (select 1 from reports where state <> 'done')
         or exists (select 1 from imports where state not in ('loaded', 'refused') or lease_token is not null) as open`,
  );
  return rows[0]?.open === false;
}

async function describeRest(database: Database): Promise<string> {
  const { rows } = await database.query(
    `select no, file_name, state, stopped_reason, chunks_sent, chunks_loaded,
            (select count(*)::integer from reports r where r.import_no = i.no and r.state = 'due') as reports_due,
            (select json_agg(d.state) from drops d where d.import_no = i.no) as drops
     from imports i order by no`,
  );
  return JSON.stringify(rows);
}

/** No chunk of ours may ever become a dead letter: only what strangers wrote. */
async function findForeign(database: Database, foreign: ReadonlySet<string>): Promise<string[]> {
  const { rows } = await database.query<{ no: number; value: Buffer; reason: string }>(
    'select no, value, reason from dead_letters',
  );
  return rows
    .filter((row) => !foreign.has(hashOf(row.value)))
    .map((row) => `Dead letter ${row.no} is a chunk of ours: ${row.reason}`);
}

async function saveTopics(
  { kafka, prefix }: World,
  ground: Ground,
): Promise<{ name: string; path: string }[]> {
  const saved: { name: string; path: string }[] = [];
  for (const topic of [IMPORTS_CHUNKED, REPORTS_DUE]) {
    const messages = await kafka.read(`${prefix}${topic}`);
    const pieces = messages.flatMap(({ key, headers, value }) => [
      key,
      JSON.stringify(headers),
      value.toString('utf8'),
    ]);
    saved.push({ name: `topic ${topic}`, path: await writeText(ground, `${topic}.txt`, pieces) });
  }
  return saved;
}
