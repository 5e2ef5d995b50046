import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import {
  compiledEmbeddedPostgres,
  fastSettings,
  makePostgresTrials,
  queryOnce,
  type PostgresTrial,
  type PostgresTrials,
} from './embedded-postgres-trial.js';

const isRoot = process.getuid?.() === 0;

let trials: PostgresTrials;
let trial: PostgresTrial;
beforeAll(async () => (trials = await makePostgresTrials()));
afterAll(() => trials.remove());
beforeEach(async () => (trial = await trials.next()));
afterEach(() => trial.remove());

if (!isRoot) {
  test('in a folder of mode 700 that is our own the data stay there', async () => {
    chmodSync(trial.directory, 0o700);
    const sentences: string[] = [];
    const notify = (sentence: string): void => void sentences.push(sentence);
    const postgres = await startEmbeddedPostgres({
      directory: trial.directory,
      notify,
      settings: fastSettings,
    });
    await queryOnce(postgres.url);
    await postgres.stop();
    expect([existsSync(join(trial.directory, 'postgres/data/PG_VERSION')), sentences]).toEqual([true, []]);
  });
}

const asRoot = isRoot ? test : (): void => {};
asRoot('as root in a folder of mode 700, the data go below /var/tmp', async () => {
  chmodSync(trial.directory, 0o700);
  const below = join(trial.directory, 'deep/passbook');
  const sentences: string[] = [];
  const options = {
    directory: below,
    notify: (sentence: string) => sentences.push(sentence),
    settings: fastSettings,
  };
  const first = await startEmbeddedPostgres(options);
  const room = readFileSync(join(below, 'postgres/room'), 'utf8').trim();
  try {
    await queryOnce(first.url, 'create table kept (id integer)');
    await first.stop();
    const second = await startEmbeddedPostgres(options);
    await queryOnce(second.url, 'select id from kept');
    await second.stop();
    expect(room).toMatch(/^\/var\/tmp\/passbook-[0-9a-f]{12}-/);
    expect(sentences).toEqual([expect.stringContaining(room)]);
    expect(existsSync(join(room, 'data/postmaster.pid'))).toBe(false);
    expect([statSync(trial.directory).mode & 0o777, statSync(room).mode & 0o777]).toEqual([0o700, 0o711]);
    chmodSync(room, 0o777);
    await expect(startEmbeddedPostgres(options)).rejects.toThrow('not a folder of ours alone');
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
});

const nobody = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : {};
// From a checkout below a folder like /root, `nobody` cannot read the program itself: nothing to test there.
const readable =
  spawnSync(process.execPath, ['-e', `import('${compiledEmbeddedPostgres}')`], { ...nobody, cwd: '/' })
    .status === 0;
const asNobody = isRoot && readable ? test : (): void => {};
asNobody('a user who is not root runs it as itself', async () => {
  execFileSync('chown', [String(nobody.uid), trial.directory]);
  const child = trial.run(nobody);
  await queryOnce(await child.url);
  expect(statSync(join(trial.directory, 'postgres/data')).uid).toBe(nobody.uid);
  await child.stop();
  // Root serves the data of that user as that user.
  const served = await trial.start();
  await queryOnce(served.url);
  await served.stop();
  chmodSync(trial.directory, 0o500);
  rmSync(join(trial.directory, 'postgres'), { recursive: true });
  const refused = trial.run(nobody);
  await expect(refused.url).rejects.toThrow(/EmbeddedPostgresError.*cannot use .*permission is denied/);
});

function idOf(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
}
