import { spawnSync } from 'node:child_process';

/** The postmasters whose data lie below a folder, by their command lines. */
export function findPostgres(folder: string): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes(folder) && /postgres/.test(line) && line.includes(' -D '))
    .map((line) => Number(line.trim().split(' ', 1)[0]));
}
