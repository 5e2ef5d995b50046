import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkRun, type DroppedFile, type Verdict } from '@passbook/checker';
import { openDatabase } from '@passbook/database';
import { userEnvironment } from '@passbook/testing';
import type { World } from './faults.js';
import { ACCOUNT_NUMBER_KEY, layGround, type Ground } from './ground.js';

/**
 * Imports every content that the disturbed run accepted, once, by `npm start -- FILE…` in a world where nothing happens.
 * @param dropped what was put into the other one's folder
 */
export async function runUndisturbed(
  world: Pick<World, 'postgres' | 'databaseName'>,
  plan: { original: string; rows: number },
  dropped: readonly DroppedFile[],
): Promise<Verdict> {
  const { postgres } = world;
  const accepted = await readAccepted(postgres.directUrl(world.databaseName));
  const ground = await layGround('undisturbed', plan.rows);
  const databaseName = `${world.databaseName}_undisturbed`;
  await postgres.create(databaseName);
  try {
    const contents = new Map<string, DroppedFile>();
    for (const file of dropped) {
      const sha256 = createHash('sha256')
        .update(await readFile(file.path))
        .digest('hex');
      if (accepted.has(sha256)) contents.set(sha256, { ...file, mayVanish: false });
    }
    const databaseUrl = postgres.directUrl(databaseName);
    const given: DroppedFile[] = [];
    const files: string[] = [];
    for (const [at, file] of [...contents.values()].entries()) {
      // Each in a folder of its own: names may be the same.
      const folder = join(ground.kept, String(at));
      await mkdir(folder);
      files.push(join(folder, file.name));
      await copyFile(file.path, files.at(-1)!);
      given.push(file);
    }
    await importFiles(plan.original, ground, databaseUrl, files);
    return await checkRun({
      databaseUrl,
      folders: ground.folders,
      dropped: given,
      mayLeaveTemporaries: false,
      accountNumberKey: ACCOUNT_NUMBER_KEY,
      timeZone: 'UTC',
      currency: 'USD',
      texts: [],
    });
  } finally {
    await postgres.drop(databaseName);
    await rm(ground.path, { recursive: true, force: true });
  }
}

async function readAccepted(databaseUrl: string): Promise<Set<string>> {
  const database = openDatabase({ url: databaseUrl, applicationName: 'proof', connectionsMax: 1 });
  try {
    const { rows } = await database.query<{ sha256: string }>(
      `select sha256 from imports where state = 'loaded'`,
    );
    return new Set(rows.map((row) => row.sha256));
  } finally {
    await database.close();
  }
}

function importFiles(
  root: string,
  ground: Ground,
  databaseUrl: string,
  files: readonly string[],
): Promise<void> {
  const settings = { ...ground.environment, LOG_LEVEL: 'warn', DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), ...files], {
    cwd: root,
    env: { ...userEnvironment(ground.path), ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`The undisturbed run ended with ${code}: ${told}`)),
    );
  });
}
