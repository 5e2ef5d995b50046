// npm test [-- JEST OPTIONS]: on a fresh machine installs and builds first. --faults: the slow fault tests too.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

await prepare();
const args = process.argv.slice(2);
const all = args.includes('--faults');
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
];
const { status } = spawnSync(process.execPath, [...jest, ...args.filter((arg) => arg !== '--faults')], {
  cwd: root,
  stdio: 'inherit',
  // What a user's shell or folder sets must not reach the tests.
  env: { ...process.env, NODE_ENV: 'test', INIT_CWD: root, ...(all ? { TEST_FAULTS: 'all' } : {}) },
});
process.exit(status ?? 1);
